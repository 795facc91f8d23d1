package dev.latchkey.simulator;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/// Takes webhooks and answers what the test says.
final class Receiver implements AutoCloseable {
  private final List<Loopback.Incoming> received = new CopyOnWriteArrayList<>();
  private final AtomicReference<Loopback.Service> answers =
      new AtomicReference<>(_ -> Loopback.Outgoing.of(202, "text/plain", "taken"));
  private final Loopback server =
      Loopback.start(
          0,
          request -> {
            received.add(request);
            return answers.get().serve(request);
          });

  URI url() {
    return URI.create(server.uri() + "/hook");
  }

  List<Loopback.Incoming> received() {
    return received;
  }

  void answer(Loopback.Service service) {
    answers.set(service);
  }

  @Override
  public void close() {
    server.close();
  }
}
