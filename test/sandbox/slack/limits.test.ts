import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/sandbox/slack/limits.ts'

const file = new URL('../../../../shared/fixtures/slack/block-kit-limits.json', import.meta.url)
const there = existsSync(file)

test.skipIf(!there)(`the limits are those of Slack${there ? '' : ' (skipped: ../shared/fixtures is not here)'}`, () => {
  const { surfaces, view, ids, text_object, blocks, elements, message, timing, transport } = JSON.parse(
    readFileSync(file, 'utf8'),
  )
  expect(LIMITS).toEqual({
    blocks: { message: surfaces.message_max_blocks, modal: surfaces.modal_max_blocks, home: surfaces.home_max_blocks },
    modalStack: surfaces.modal_view_stack,
    // "Greater than 250kb" means fewer bytes if a kilobyte has 1,000.
    viewBytes: 250_000,
    viewLabel: view.title,
    privateMetadata: view.private_metadata,
    id: ids.block_id,
    text: text_object.max,
    header: blocks.header.text_plain,
    sectionFields: blocks.section.fields_max,
    sectionField: blocks.section.field_text,
    contextElements: blocks.context.elements_max,
    contextActions: blocks.context_actions.elements_max,
    actionsElements: blocks.actions.elements_max,
    inputLabel: blocks.input.label,
    url: blocks.image.image_url,
    altText: blocks.image.alt_text,
    markdown: blocks.markdown.text_cumulative_per_message,
    tableRows: blocks.table.rows_max,
    tableCells: blocks.table.cells_per_row_max,
    tableCharacters: blocks.table.all_cells_chars_max,
    alert: blocks.alert.text,
    cardTitle: blocks.card.title,
    cardBody: blocks.card.body,
    cardActions: blocks.card.actions_max,
    carousel: blocks.carousel.cards[1],
    containerTitle: blocks.container.title,
    containerBlocks: blocks.container.child_blocks_max,
    videoTitle: blocks.video.title_lt - 1,
    videoAuthor: blocks.video.author_lt - 1,
    buttonText: elements.button.text,
    buttonValue: elements.button.value,
    accessibilityLabel: elements.button.accessibility_label,
    optionText: elements.option.text,
    optionValue: elements.option.value,
    options: elements.static_select.options_max,
    overflowOptions: elements.overflow.options_max,
    boxOptions: elements.checkboxes.options_max,
    placeholder: elements.placeholder,
    inputLength: elements.plain_text_input.max_length_max,
    confirmTitle: elements.confirm.title,
    confirmText: elements.confirm.text,
    confirmButton: elements.confirm.confirm,
    files: elements.file_input.max_files,
    richTextLines: elements.rich_text_input.lines[1],
    messageText: message.text_truncated_above,
    updateText: message.chat_update_text_error_above,
    triggerMs: timing.trigger_id_seconds * 1000,
    ackMs: timing.ack_seconds * 1000,
    responseUrlUses: timing.response_url_uses,
    responseUrlMs: timing.response_url_minutes * 60_000,
    sockets: transport.socket_connections_max,
    eventRetries: transport.event_retries_minutes.length,
  })
})
