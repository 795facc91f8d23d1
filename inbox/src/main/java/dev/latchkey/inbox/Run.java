package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// A task over the tables.
final class Run implements Task {

  private static final int MAX_NAME = 200;
  private static final int MAX_OUTPUT_BYTES = 16 << 20;

  private static final String CAUSES =
      "SELECT source, delivery FROM latchkey_cause WHERE work = ? ORDER BY seq LIMIT 1000";

  private final Database database;
  private final Steps steps;
  private final Herald herald;
  private final Claims.Taken taken;

  Run(Database database, Steps steps, Herald herald, Claims.Taken taken) {
    this.database = database;
    this.steps = steps;
    this.herald = herald;
    this.taken = taken;
  }

  @Override
  public long id() {
    return taken.claim().work();
  }

  @Override
  public String kind() {
    return taken.claim().kind();
  }

  @Override
  public String lane() {
    return taken.claim().lane();
  }

  @Override
  public String key() {
    return taken.claim().key();
  }

  @Override
  public String subject() {
    return taken.subject();
  }

  @Override
  public int attempt() {
    return taken.claim().attempt();
  }

  @Override
  public long epoch() {
    return taken.claim().epoch();
  }

  @Override
  public List<String> deliveries() {
    return database.query(CAUSES, row -> row.text(1) + "/" + row.text(2), id());
  }

  @Override
  public <T, X extends Exception> T step(String name, String input, Codec<T> codec, Body<T, X> body)
      throws X {
    return step(name, input, codec, body, result -> {});
  }

  @Override
  public <T, X extends Exception> T step(
      String name, String input, Codec<T> codec, Body<T, X> body, Consumer<T> alongside) throws X {
    Steps.Key key = key(name, input);
    Optional<byte[]> kept = steps.kept(key);
    if (kept.isPresent()) {
      return codec.decode(kept.get());
    }
    byte[] output = encode(key, codec, body.run());
    T result = codec.decode(output);
    steps.keep(key, output, () -> alongside.accept(result));
    herald.tell(new Event.StepKept(taken.claim(), name));
    return result;
  }

  @Override
  public <T, X extends Exception> T paidStep(
      String name, String input, Codec<T> codec, Body<T, X> body) throws X {
    Steps.Key key = key(name, input);
    Optional<byte[]> kept = steps.kept(key);
    if (kept.isPresent()) {
      return codec.decode(kept.get());
    }
    int call = steps.intend(key);
    herald.tell(new Event.CallStarted(taken.claim(), name, call));
    byte[] output = encode(key, codec, body.run());
    T result = codec.decode(output);
    steps.keepPaid(key.withCall(call), output);
    herald.tell(new Event.StepKept(taken.claim(), name));
    return result;
  }

  private static <T> byte[] encode(Steps.Key key, Codec<T> codec, T result) {
    Objects.requireNonNull(result, () -> "step " + key.name() + " returned null");
    byte[] output = codec.encode(result);
    if (output.length > MAX_OUTPUT_BYTES) {
      throw new PermanentFailure(
          "step %s gave a result of %d bytes, limit %d"
              .formatted(key.name(), output.length, MAX_OUTPUT_BYTES));
    }
    return output;
  }

  private Steps.Key key(String name, String input) {
    Texts.requireName("step's name", name, MAX_NAME);
    String hash = Hashes.sha256(input.getBytes(StandardCharsets.UTF_8));
    return new Steps.Key(taken.claim(), name, hash, 0);
  }
}
