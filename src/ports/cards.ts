/** The place of a change's card in Slack. */
export type CardRef = { readonly channel: string; readonly ts: string }

/** Where the cards of changes are, and what each shows. */
export type CardStore = {
  /**
   * Claims the post of a card until `until` (an ISO instant), `instead` of the one the caller knows. Resolves to false
   * if there is another card by now, and while somebody else may still be posting one.
   */
  cardIsBeingPosted(id: number, posting: { until: string; instead: CardRef | null }): Promise<boolean>
  /** The post is over, and nobody knows if it arrived: whoever comes next may look for the card, or post it. */
  cardIsInDoubt(id: number): Promise<void>
  /** The post is over, and neither it nor an earlier one arrived: there is nothing to look for. */
  cardWasNotTaken(id: number): Promise<void>
  /** A card in another channel is left there from now on. */
  cardStands(id: number, card: CardRef & { seq: number }): Promise<void>
  /** The cards of this change that were left in other channels, and do not say yet where its card is now. */
  cardsLeft(id: number): Promise<readonly CardRef[]>
  /** That card points to the new one now, or never will. */
  cardPointsOn(id: number, card: CardRef): Promise<void>
  /**
   * `card` now shows the change as at `seq`; it is behind if it fell behind meanwhile, or another process redrew it.
   */
  cardWasDrawn(id: number, card: CardRef & { seq: number }, seq: number): Promise<void>
  /** Its notes on other changes are out of date. */
  cardFellBehind(id: number): Promise<void>
}
