package dev.latchkey.server;

import dev.latchkey.review.Visible;

/// What the doctor found about one thing.
///
/// @param told what is so, and unless it is ok what to do
record Check(String name, Result result, String told) {

  enum Result {
    OK,
    /// It works, or can't be told, but somebody should look.
    WARN,
    FAIL
  }

  Check {
    told = Visible.path(told);
  }

  static Check ok(String name, String told) {
    return new Check(name, Result.OK, told);
  }

  static Check warn(String name, String told) {
    return new Check(name, Result.WARN, told);
  }

  static Check fail(String name, String told) {
    return new Check(name, Result.FAIL, told);
  }
}
