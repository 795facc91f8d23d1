package dev.latchkey.inbox;

import java.util.Objects;

/// What one call of a paid step may use of a limit, reserved durably before the call.
///
/// @param units the most it may use, 1 or more. An estimate that turns out too low is recorded as
///   what was used, and the window then holds more than its limit for a while.
public record Reservation(Limit limit, long units) {

  public Reservation {
    Objects.requireNonNull(limit, "limit");
    if (units < 1) {
      throw new IllegalArgumentException(
          "reservation of bucket " + limit.bucket() + " has " + units + " units, at least 1");
    }
  }
}
