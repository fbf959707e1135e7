#!/usr/bin/env node
import { surviveClosedPipes } from './cli/closed-pipe.ts'
import { run } from './cli/program.ts'

surviveClosedPipes()

await run(process.argv)
