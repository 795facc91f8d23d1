package dev.latchkey.simulator;

import java.time.Duration;
import java.time.Instant;

/// One sending of a delivery and what came of it.
///
/// @param sentAt by the simulated GitHub's clock
/// @param took measured, until the answer or the failure
public record DeliveryAttempt(
    SimulatedDelivery delivery, Instant sentAt, Duration took, Result result) {

  /// What came of a sending.
  public sealed interface Result {

    /// The receiver answered within 10 seconds.
    ///
    /// @param body at most its first 4,096 characters
    record Answered(int status, String body) implements Result {}

    /// It could not be reached, broke off, or took longer than 10 seconds.
    record Failed(String reason) implements Result {

      /// Whether nobody took the connection.
      boolean unreachable() {
        return reason.contains("ConnectException");
      }
    }
  }

  /// Whether the receiver took the responsibility for the delivery: it answered 2xx.
  public boolean accepted() {
    return result instanceof Result.Answered(int status, _) && status / 100 == 2;
  }
}
