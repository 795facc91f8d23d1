package dev.latchkey.inbox;

/// A mistake that a child of the storm makes, which the verdict must find.
enum StormBug {
  NONE,
  EFFECT_WITHOUT_LOOKING,
  FINISH_WITHOUT_EPOCH,
  CHARGE_WITHOUT_WORK_ID,
  MARK_BEFORE_WORK
}
