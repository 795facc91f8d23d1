package dev.latchkey.simulator;

/// A webhook that is ready to be sent, any number of times, always with the same id and bytes.
public final class SimulatedDelivery {
  private final String id;
  private final String event;
  private final String action;
  private final byte[] body;

  SimulatedDelivery(String id, String event, String action, byte[] body) {
    this.id = id;
    this.event = event;
    this.action = action;
    this.body = body.clone();
  }

  /// A GUID, the `X-GitHub-Delivery` header.
  public String id() {
    return id;
  }

  /// The `X-GitHub-Event` header.
  public String event() {
    return event;
  }

  /// Empty if the event has none.
  public String action() {
    return action;
  }

  /// The bytes that are signed and sent.
  public byte[] body() {
    return body.clone();
  }

  @Override
  public String toString() {
    return "SimulatedDelivery[" + id + " " + event + " " + action + "]";
  }
}
