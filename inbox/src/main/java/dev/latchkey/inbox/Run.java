package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A task over the tables.
final class Run implements Task {

  private static final int MAX_NAME = 200;
  private static final int MAX_OUTPUT_BYTES = 16 << 20;
  private static final int MAX_RESERVATIONS = 16;

  private final Steps steps;
  private final Causes causes;
  private final Herald herald;
  private final InstantSource clock;
  private final Claims.Taken taken;
  private final AtomicReference<@Nullable Ending> suspension = new AtomicReference<>();
  private final ThreadLocal<@Nullable String> inside = new ThreadLocal<>();

  /// A call that a limit refuses.
  ///
  /// @param ref by which it will be charged
  record Refused(String ref, List<Demand> demands) {}

  Run(Steps steps, Causes causes, Herald herald, InstantSource clock, Claims.Taken taken) {
    this.steps = steps;
    this.causes = causes;
    this.herald = herald;
    this.clock = clock;
    this.taken = taken;
  }

  /// Returns how this run was suspended, whatever its handler made of that; null if it wasn't.
  @Nullable Ending suspension() {
    return suspension.get();
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
    return causes.names(id());
  }

  @Override
  public void checkpoint() {
    // Any step does: what is looked for is the run.
    known(new Steps.Key(taken.claim(), "", ""));
  }

  @Override
  public <T, X extends Exception> T step(String name, String input, Codec<T> codec, Body<T, X> body)
      throws X {
    return run(name, input, codec, body, steps::keep);
  }

  @Override
  public <T, X extends Exception> T step(
      String name, String input, Codec<T> codec, Body<T, X> body, Consumer<T> alongside) throws X {
    return run(
        name,
        input,
        codec,
        body,
        (key, result) ->
            steps.keep(key, result, () -> alongside.accept(codec.decode(result.output()))));
  }

  private <T, X extends Exception> T run(
      String name,
      String input,
      Codec<T> codec,
      Body<T, X> body,
      BiConsumer<Steps.Key, Steps.Result> keep)
      throws X {
    Steps.Key key = key(name, input);
    byte[] kept = known(key);
    if (kept != null) {
      return codec.decode(kept);
    }
    long beganAt = clock.millis();
    byte[] output = encode(key, codec, within(name, body));
    T result = codec.decode(output);
    keep.accept(key, new Steps.Result(output, 0, beganAt, Steps.Charged.NOTHING));
    herald.tell(new Event.StepKept(taken.claim(), name));
    return result;
  }

  @Override
  public <T, X extends Exception> T paidStep(
      String name, String input, Codec<T> codec, Body<T, X> body) throws X {
    return paidStep(name, input, List.of(), codec, bill -> body.run());
  }

  @Override
  public <T, X extends Exception> T paidStep(
      String name, String input, List<Reservation> reservations, Codec<T> codec, Call<T, X> call)
      throws X {
    Steps.Key key = key(name, input);
    List<Demand> demands = demands(name, reservations);
    byte[] kept = known(key);
    if (kept != null) {
      return codec.decode(kept);
    }
    int number = begin(key, demands);
    herald.tell(new Event.CallStarted(taken.claim(), name, number));
    Sheet bill = new Sheet(name, demands);
    long beganAt = clock.millis();
    byte[] output;
    try {
      output = encode(key, codec, within(name, () -> call.run(bill)));
    } catch (Throwable failure) {
      keepFailure(key, number, bill, failure);
      throw failure;
    }
    T result = codec.decode(output);
    steps.keepPaid(key, new Steps.Result(output, number, beganAt, bill.charged()));
    herald.tell(new Event.StepKept(taken.claim(), name));
    return result;
  }

  // What the call threw matters more than that it couldn't be noted, which only makes it a lost
  // one.
  private void keepFailure(Steps.Key key, int number, Sheet bill, Throwable failure) {
    try {
      steps.keepFailure(key, number, bill.charged());
    } catch (RuntimeException unkept) {
      failure.addSuppressed(unkept);
    }
  }

  private int begin(Steps.Key key, List<Demand> demands) {
    return switch (steps.begin(key, demands)) {
      case Steps.Beginning.Call(int number) -> number;
      case Steps.Beginning.Refused(var refused) ->
          throw suspended(
              new Ending.Refused(refused), "a limit refuses the call of step " + key.name());
      case Steps.Beginning.Held(var reason) -> throw suspended(new Ending.Held(reason), reason);
    };
  }

  /// Returns what was kept of a step, or null.
  private byte @Nullable [] known(Steps.Key key) {
    Ending over = suspension.get();
    if (over != null) {
      throw new InboxException.Suspended("run " + epoch() + " of work " + id() + " is suspended");
    }
    Steps.Known known = steps.look(key);
    String cancelled = known.cancelled();
    if (cancelled != null) {
      throw suspended(new Ending.Cancelled(cancelled), "work " + id() + " was cancelled");
    }
    return known.output();
  }

  private InboxException.Suspended suspended(Ending ending, String message) {
    suspension.compareAndSet(null, ending);
    return new InboxException.Suspended(message);
  }

  private <T, X extends Exception> T within(String name, Body<T, X> body) throws X {
    inside.set(name);
    try {
      return body.run();
    } finally {
      inside.remove();
    }
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
    String outer = inside.get();
    if (outer != null) {
      throw new PermanentFailure(
          "step %s is called inside step %s, steps don't nest".formatted(name, outer));
    }
    String hash = Hashes.sha256(input.getBytes(StandardCharsets.UTF_8));
    return new Steps.Key(taken.claim(), name, hash);
  }

  private static List<Demand> demands(String name, List<Reservation> reservations) {
    if (reservations.size() > MAX_RESERVATIONS) {
      throw new PermanentFailure(
          "step %s has %d reservations, at most %d"
              .formatted(name, reservations.size(), MAX_RESERVATIONS));
    }
    Set<String> buckets = new HashSet<>();
    for (Reservation reservation : reservations) {
      Limit limit = reservation.limit();
      if (!buckets.add(limit.bucket())) {
        throw new PermanentFailure(
            "step %s reserves of bucket %s twice".formatted(name, limit.bucket()));
      }
      if (reservation.units() > limit.units()) {
        throw new PermanentFailure(
            "step %s reserves %d units of bucket %s, whose limit is %d"
                .formatted(name, reservation.units(), limit.bucket(), limit.units()));
      }
    }
    return reservations.stream().map(Demand::ofCall).toList();
  }

  /// A bill being written.
  private static final class Sheet implements Bill {

    private final String step;
    private final List<Demand> demands;
    private final Map<String, Long> used = new ConcurrentHashMap<>();

    Sheet(String step, List<Demand> demands) {
      this.step = step;
      this.demands = demands;
    }

    @Override
    public void used(String bucket, long units) {
      if (units < 0) {
        throw new IllegalArgumentException("units used of bucket " + bucket + " are " + units);
      }
      if (demands.stream().noneMatch(demand -> demand.bucket().equals(bucket))) {
        throw new IllegalArgumentException(
            "step %s has reserved nothing of bucket %s".formatted(step, bucket));
      }
      used.put(bucket, units);
    }

    @Override
    public void nothing() {
      demands.forEach(demand -> used.put(demand.bucket(), 0L));
    }

    Steps.Charged charged() {
      return new Steps.Charged(demands, Map.copyOf(used));
    }
  }
}
