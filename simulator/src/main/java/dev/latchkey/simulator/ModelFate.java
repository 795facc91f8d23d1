package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// What becomes of a call to the simulated model.
public sealed interface ModelFate {

  /// It is answered as the options say.
  record Proceed() implements ModelFate {}

  /// It is answered with another text than the options say, such as JSON of the wrong shape.
  ///
  /// @param finishReason `stop`, or `length` for a text that was cut off
  record Reply(String text, String finishReason) implements ModelFate {}

  /// It is answered that much later.
  record Delay(Duration time) implements ModelFate {}

  /// It is answered once that is completed.
  record Hang(CompletableFuture<?> until) implements ModelFate {}

  /// It is refused.
  ///
  /// @param status 400 to 599
  record Fail(int status, Map<String, String> headers) implements ModelFate {

    public Fail {
      headers = Map.copyOf(headers);
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("status is 400 to 599: " + status);
      }
    }
  }

  /// It is answered with that instead.
  ///
  /// @param status 200 to 599
  record Answer(int status, Map<String, String> headers, String body) implements ModelFate {

    public Answer {
      headers = Map.copyOf(headers);
    }
  }

  /// The connection is closed without an answer.
  record Drop() implements ModelFate {}

  /// It is answered 200 with that for a body.
  record Garble(String body) implements ModelFate {}

  /// Its answer comes in pieces of so many bytes with a pause between them.
  record Slow(int pieceBytes, Duration pause) implements ModelFate {}

  /// Its answer breaks off after so many bytes.
  record BreakOff(int afterBytes) implements ModelFate {}

  /// Decides on each call, on the thread that serves it.
  @FunctionalInterface
  interface Script {

    /// Decides on one call.
    ///
    /// @param attempt counts the calls with this question from 1, as
    ///   [SimulatedModel#callsByQuestion()] does
    ModelFate of(ModelCall call, int attempt);
  }

  static ModelFate proceed() {
    return new Proceed();
  }

  static ModelFate reply(String text) {
    return new Reply(requireNonNull(text, "text"), "stop");
  }

  /// The model ran out of tokens in the middle of that text.
  static ModelFate cutShort(String text) {
    return new Reply(requireNonNull(text, "text"), "length");
  }

  static ModelFate delay(Duration time) {
    return new Delay(time);
  }

  static ModelFate hang(CompletableFuture<?> until) {
    return new Hang(requireNonNull(until, "until"));
  }

  static ModelFate answer(int status, Map<String, String> headers, String body) {
    return new Answer(status, headers, body);
  }

  static ModelFate fail(int status) {
    return new Fail(status, Map.of());
  }

  /// Too many calls, or a model that is overloaded.
  static ModelFate fail(int status, Duration retryAfter) {
    return new Fail(status, Map.of("Retry-After", Long.toString(retryAfter.toSeconds())));
  }

  static ModelFate drop() {
    return new Drop();
  }

  static ModelFate garble() {
    return new Garble("<html>upstream said: {\"choices\":[");
  }

  static ModelFate garble(String body) {
    return new Garble(requireNonNull(body, "body"));
  }

  static ModelFate slow(int pieceBytes, Duration pause) {
    return new Slow(pieceBytes, pause);
  }

  static ModelFate breakOff(int afterBytes) {
    return new BreakOff(afterBytes);
  }
}
