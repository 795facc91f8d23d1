package dev.latchkey.simulator;

import java.net.URI;
import java.util.List;
import java.util.Map;

/// A model on 127.0.0.1 that speaks the wire format of OpenAI's chat completions, strictly, and
/// answers what a function says. Safe for use by several threads.
public final class SimulatedModel implements AutoCloseable {

  private SimulatedModel() {}

  /// Starts to serve.
  ///
  /// @throws SimulatorException.PortUnusable if the port can't be bound
  public static SimulatedModel start(SimulatedModelOptions options) {
    return new SimulatedModel();
  }

  /// The base URL a client is configured with; it ends in `/v1`.
  public URI uri() {
    return unbuilt();
  }

  /// The calls so far that were not refused, in order of arrival.
  public List<ModelCall> calls() {
    return unbuilt();
  }

  /// How often each question was asked: by the user's text, less the lines that hold a nonce, which
  /// differs with each attempt.
  public Map<String, Integer> callsByQuestion() {
    return unbuilt();
  }

  /// Stops serving; calls that wait for their delay are cut off.
  @Override
  public void close() {
    unbuilt();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unbuilt() {
    throw new UnsupportedOperationException();
  }
}
