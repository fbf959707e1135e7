#!/usr/bin/env node
import { surviveClosedPipes } from './cli/closed-pipe.ts'
import { countersign } from './cli/program.ts'

surviveClosedPipes()

await countersign().parseAsync()
