import type { ActionsBlock, ModalView } from '@slack/types'
import { quote } from '../../words/pieces.ts'
import { type Previewed, previewSections } from '../../words/preview.ts'
import { button, limits, plainText } from '../kit/blocks.ts'
import { actions, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'

/**
 * Everything that an approver will see, before anybody is asked: pushed over the form, or opened by a quick command and
 * then with a way into the form. `digest` is of the draft as shown here; what is sent must have the same.
 */
export function previewView(previewed: Previewed & { readonly digest: string }): ModalView {
  const { understood, notice = '' } = previewed
  const said = pack([[...(understood ?? []), ...(notice ? [quote(notice)] : [])]], 5)
  const lead = understood ? [...said, intoTheForm] : said
  return {
    type: 'modal',
    callback_id: modals.preview,
    private_metadata: `${previewed.draft.id} ${previewed.digest}`,
    title: plainText('Check the change', limits.viewTitle),
    submit: plainText('Send for approval', limits.viewTitle),
    close: plainText(understood ? 'Close' : 'Back', limits.viewTitle),
    blocks: [...lead, ...pack(previewSections(previewed), limits.viewBlocks - lead.length)],
  }
}

const intoTheForm: ActionsBlock = {
  type: 'actions',
  elements: [button({ text: 'Edit in the form', action: actions.editInForm })],
}
