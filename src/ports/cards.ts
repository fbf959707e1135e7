/** Where a change's card stands in Slack. */
export type CardRef = { readonly channel: string; readonly ts: string }

/** Where the cards of changes stand, and what each of them shows. */
export type CardStore = {
  /**
   * Says that the caller posts a card until `until` (an ISO instant), `instead` of the one it knows. Resolves to false when
   * another card stands by now, and while somebody else may still be posting one.
   */
  cardIsBeingPosted(id: number, posting: { until: string; instead: CardRef | null }): Promise<boolean>
  /** The post is over, and nobody knows whether it arrived: whoever comes next may look for the card, or post it. */
  cardIsInDoubt(id: number): Promise<void>
  /** The post is over, and neither it nor one before it arrived: there is nothing to look for. */
  cardWasNotTaken(id: number): Promise<void>
  /** One that stood in another channel is left there from now on. */
  cardStands(id: number, card: CardRef & { seq: number }): Promise<void>
  /** The cards of this change that were left in other channels, and do not say yet where its card is now. */
  cardsLeft(id: number): Promise<readonly CardRef[]>
  /** That card says so now, or never will. */
  cardPointsOn(id: number, card: CardRef): Promise<void>
  /** `card` shows by now what the change was at `seq`; if it fell behind meanwhile, or another drew something else, it is behind. */
  cardWasDrawn(id: number, card: CardRef & { seq: number }, seq: number): Promise<void>
  /** What it shows of other changes is not so any more. */
  cardFellBehind(id: number): Promise<void>
}
