/** Region or one of its other names → host of the Content Management API. Source: contentstack.md §6. */
export const regions = {
  na: 'api.contentstack.io',
  us: 'api.contentstack.io',
  'aws-na': 'api.contentstack.io',
  eu: 'eu-api.contentstack.com',
  'aws-eu': 'eu-api.contentstack.com',
  au: 'au-api.contentstack.com',
  'aws-au': 'au-api.contentstack.com',
  'azure-na': 'azure-na-api.contentstack.com',
  'azure-eu': 'azure-eu-api.contentstack.com',
  'gcp-na': 'gcp-na-api.contentstack.com',
  'gcp-eu': 'gcp-eu-api.contentstack.com',
} as const

export type Region = keyof typeof regions

export const regionNames = Object.keys(regions) as [Region, ...Region[]]

export function baseUrlOf(region: Region): string {
  return `https://${regions[region]}`
}

/** Where people sign in, and where the tokens of OAuth come from. Source: contentstack.md §6. */
export function appUrlOf(region: Region): string {
  const host = regions[region]
  return host === regions.na ? 'https://app.contentstack.com' : `https://${host.replace(/-api\./, '-app.')}`
}
