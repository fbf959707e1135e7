import { describe, expect, test } from 'vitest'
import { loadAudit } from '../../src/config/config.ts'
import { ConfigProblems } from '../../src/config/settings.ts'

const key = { AUDIT_KEY: 'k'.repeat(32) }

describe('COUNTERSIGN_DB', () => {
  test.each([
    'postgres://countersign@db.example.com:5432/countersign',
    'postgresql://db.example.com/x?sslmode=require',
  ])('takes the address of a PostgreSQL database: %s', (address) => {
    expect(loadAudit({ ...key, COUNTERSIGN_DB: address }).database).toBe(address)
  })

  test.each([
    ['a password', 'postgres://countersign:s3cret-word@db.example.com/countersign', 'has a password in it'],
    [
      'a password at its end',
      'postgres://db.example.com/countersign?user=a&password=s3cret-word',
      'has a password in it',
    ],
    ['no name of a database', 'postgres://countersign@db.example.com', 'does not say which database'],
    ['something that is no address', 'postgres://s3cret-word@[', 'is not an address of PostgreSQL'],
  ])('refuses an address with %s, and does not quote it', (_, address, says) => {
    const loading = () => loadAudit({ ...key, COUNTERSIGN_DB: address })
    expect(loading).toThrow(ConfigProblems)
    expect(loading).toThrow(says)
    expect(loading).not.toThrow('s3cret-word')
  })
})
