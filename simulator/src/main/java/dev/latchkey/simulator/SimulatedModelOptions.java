package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How the simulated model answers.
///
/// @param clock stamps the calls
/// @param replies gives the text of each answer; told on the thread that serves the call
/// @param key the bearer key a caller must show, null if none is asked for
/// @param delay how long each call takes before it is answered
/// @param beforeAnswer told of each call when its reply is known and billed, before it is sent; may
///   block
/// @param failures gives what is answered instead; such calls are not listed
/// @param port of 127.0.0.1; 0 takes any free one
public record SimulatedModelOptions(
    InstantSource clock,
    Function<ModelQuestion, String> replies,
    @Nullable String key,
    Duration delay,
    Consumer<ModelCall> beforeAnswer,
    Function<ModelQuestion, Optional<Failure>> failures,
    int port) {

  /// What is answered instead of a reply.
  ///
  /// @param status 0 if the connection is cut without an answer
  public record Failure(int status, Map<String, String> headers, String body) {
    public Failure {
      headers = Map.copyOf(headers);
    }

    /// The connection is cut without an answer.
    public static Failure cut() {
      return new Failure(0, Map.of(), "");
    }
  }

  /// Checks the delay and the port.
  ///
  /// @throws IllegalArgumentException if the delay is negative or the port is out of range
  public SimulatedModelOptions {
    requireNonNull(clock, "clock");
    requireNonNull(replies, "replies");
    requireNonNull(beforeAnswer, "beforeAnswer");
    requireNonNull(failures, "failures");
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay is negative: " + delay);
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is 0 to 65535: " + port);
    }
  }

  /// No key, no delay, any free port.
  public static SimulatedModelOptions of(
      InstantSource clock, Function<ModelQuestion, String> replies) {
    return new SimulatedModelOptions(
        clock, replies, null, Duration.ZERO, _ -> {}, _ -> Optional.empty(), 0);
  }

  public SimulatedModelOptions withKey(String key) {
    return new SimulatedModelOptions(clock, replies, key, delay, beforeAnswer, failures, port);
  }

  public SimulatedModelOptions withDelay(Duration delay) {
    return new SimulatedModelOptions(clock, replies, key, delay, beforeAnswer, failures, port);
  }

  public SimulatedModelOptions withBeforeAnswer(Consumer<ModelCall> beforeAnswer) {
    return new SimulatedModelOptions(clock, replies, key, delay, beforeAnswer, failures, port);
  }

  public SimulatedModelOptions withFailures(Function<ModelQuestion, Optional<Failure>> failures) {
    return new SimulatedModelOptions(clock, replies, key, delay, beforeAnswer, failures, port);
  }

  public SimulatedModelOptions withPort(int port) {
    return new SimulatedModelOptions(clock, replies, key, delay, beforeAnswer, failures, port);
  }

  @Override
  public String toString() {
    return "SimulatedModelOptions[delay=" + delay + ", port=" + port + "]";
  }
}
