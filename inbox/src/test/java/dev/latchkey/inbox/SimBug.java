package dev.latchkey.inbox;

/// A mistake put into a simulation, which its checks must find.
enum SimBug {
  NONE,
  /// Changes the outside without looking whether that is done already.
  EFFECT_WITHOUT_LOOKING,
  /// Ends works on behalf of runs that are over.
  FINISH_WITHOUT_EPOCH,
  /// Charges a work again for each of its runs.
  CHARGE_PER_RUN,
  /// Writes that it is done before it is, and believes that afterwards.
  MARK_BEFORE_WORK,
  /// Forgets a unit that was spent.
  LOSE_A_CHARGE,
  /// Leaves a lane without its front, so that nobody takes its works.
  FORGET_A_FRONT
}
