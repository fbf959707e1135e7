import fc from 'fast-check'

// The same histories in every run, so that a test that fails on one machine fails on all. `SEED=7 npm test` tries
// others.
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20261123) })
