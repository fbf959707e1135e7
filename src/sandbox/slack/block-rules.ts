import { anyText, mrkdwn, plainText } from './composition-rules.ts'
import {
  button,
  contextButtons,
  datetimepicker,
  overflow,
  pickers,
  richTextInput,
  selects,
  typedInputs,
  workflowButton,
} from './element-rules.ts'
import { LIMITS } from './limits.ts'
import { richText } from './rich-text-rules.ts'
import {
  also,
  anything,
  atLeastOne,
  exactlyOne,
  type Fields,
  flag,
  integer,
  isRecord,
  list,
  number,
  object,
  type Report,
  type Rule,
  string,
  typed,
  word,
} from './rules.ts'

export type Surface = 'message' | 'modal' | 'home'

const identified = { block_id: string({ min: 1, max: LIMITS.id }) }

function block(required: Fields, optional: Fields = {}): Rule {
  return object(required, { ...identified, ...optional })
}

const altText = string({ min: 1, max: LIMITS.altText })
const pictureFields = { image_url: string({ min: 1, max: LIMITS.url }), slack_file: anything }
const oneSource = exactlyOne('image_url', 'slack_file')
const picture = also(object({ alt_text: altText }, pictureFields), oneSource)

const inActions = typed(() => ({
  button,
  overflow,
  workflow_button: workflowButton,
  ...selects,
  ...pickers,
  datetimepicker,
  rich_text_input: richTextInput,
}))
const besideSection = typed(() => ({
  button,
  overflow,
  workflow_button: workflowButton,
  image: picture,
  ...selects,
  ...pickers,
}))
const inInput = typed(() => ({ ...selects, ...pickers, datetimepicker, ...typedInputs }))

const contextTexts = { image: picture, plain_text: anyText(LIMITS.text), mrkdwn: anyText(LIMITS.text) }

const cell = typed(() => ({
  raw_text: object({ text: string() }),
  raw_number: object({ value: number }, { text: string() }),
  rich_text: richText,
}))
const row = list(cell, { min: 1, max: LIMITS.tableCells })
const column = object({}, { align: word('left', 'center', 'right'), is_wrapped: flag })

/** The first row names the columns. */
function plainHeader({ rows }: Record<string, unknown>, pointer: string, report: Report): void {
  const header = Array.isArray(rows) && Array.isArray(rows[0]) ? rows[0] : []
  for (const [index, cell] of header.entries()) {
    if (isRecord(cell) && cell.type === 'rich_text') report(`${pointer}/rows/0/${index}`, 'must not be rich_text')
  }
}

const card = also(
  block(
    {},
    {
      hero_image: typed(() => ({ image: picture })),
      icon: typed(() => ({ image: picture })),
      title: mrkdwn(LIMITS.cardTitle),
      subtitle: mrkdwn(LIMITS.cardTitle),
      subtext: mrkdwn(LIMITS.cardBody),
      body: mrkdwn(LIMITS.cardBody),
      actions: list(
        typed(() => ({ button })),
        { min: 1, max: LIMITS.cardActions },
      ),
    },
  ),
  atLeastOne('title', 'body', 'hero_image', 'actions'),
)

const everywhere: Record<string, Rule> = {
  actions: block({ elements: list(inActions, { min: 1, max: LIMITS.actionsElements }) }),
  context: block({
    elements: list(
      typed(() => contextTexts),
      { min: 1, max: LIMITS.contextElements },
    ),
  }),
  divider: block({}),
  header: block({ text: plainText(LIMITS.header) }),
  image: also(block({ alt_text: altText }, { ...pictureFields, title: plainText(LIMITS.altText) }), oneSource),
  input: block(
    { label: plainText(LIMITS.inputLabel), element: inInput },
    { hint: plainText(LIMITS.inputLabel), optional: flag, dispatch_action: flag },
  ),
  rich_text: richText,
  section: also(
    block(
      {},
      {
        text: anyText(LIMITS.text),
        fields: list(anyText(LIMITS.sectionField), { min: 1, max: LIMITS.sectionFields }),
        accessory: besideSection,
        expand: flag,
      },
    ),
    atLeastOne('text', 'fields'),
  ),
  video: block(
    {
      video_url: string({ min: 1 }),
      thumbnail_url: string({ min: 1 }),
      alt_text: altText,
      title: plainText(LIMITS.videoTitle),
    },
    {
      title_url: string(),
      author_name: string({ max: LIMITS.videoAuthor }),
      provider_name: string(),
      provider_icon_url: string(),
      description: plainText(LIMITS.text),
    },
  ),
}

const onMessagesAndHome: Record<string, Rule> = {
  card,
  carousel: block({
    elements: list(
      typed(() => ({ card })),
      { min: 1, max: LIMITS.carousel },
    ),
  }),
  table: block(
    { rows: list(row, { min: 1, max: LIMITS.tableRows }) },
    { column_settings: list(column, { max: LIMITS.tableCells }) },
  ),
  data_table: also(
    block(
      { rows: list(row, { min: 2, max: LIMITS.tableRows + 1 }), caption: string({ min: 1 }) },
      { page_size: integer(1, 100), row_header_column_index: integer(0) },
    ),
    plainHeader,
  ),
}

const onMessages: Record<string, Rule> = {
  container: also(
    block(
      {
        child_blocks: list(
          typed(() => everywhere),
          { min: 1, max: LIMITS.containerBlocks },
        ),
      },
      {
        title: plainText(LIMITS.containerTitle),
        rich_text_title: typed(() => ({ rich_text: richText })),
        subtitle: anyText(LIMITS.containerTitle),
        width: word('narrow', 'standard', 'wide', 'full'),
        icon: typed(() => ({ image: picture })),
        is_collapsible: flag,
        default_collapsed: flag,
        has_header_divider: flag,
      },
    ),
    atLeastOne('title', 'rich_text_title'),
  ),
  context_actions: block({
    elements: list(
      typed(() => contextButtons),
      { min: 1, max: LIMITS.contextActions },
    ),
  }),
  markdown: block({ text: string({ min: 1, max: LIMITS.markdown }) }),
  plan: block({ title: string({ min: 1 }) }, { tasks: list(anything) }),
  task_card: block(
    {
      task_id: string({ min: 1 }),
      title: string({ min: 1 }),
      status: word('pending', 'in_progress', 'complete', 'error'),
    },
    { details: anything, output: anything, sources: list(anything) },
  ),
}

const alert = block({ text: anyText(LIMITS.alert) }, { level: word('default', 'info', 'warning', 'error', 'success') })

/**
 * The blocks that each surface allows (slack.md §3). `card` is listed for modals but reported not to render there:
 * refused.
 */
export const blocksOf: Readonly<Record<Surface, Readonly<Record<string, Rule>>>> = {
  message: { ...everywhere, ...onMessagesAndHome, ...onMessages },
  modal: { ...everywhere, alert },
  home: { ...everywhere, ...onMessagesAndHome },
}
