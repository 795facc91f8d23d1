package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RoundTest {
  private static final Duration LENGTH = Duration.ofMillis(50);
  private static final Keys KEYS = new Keys(10);

  @Test
  void everyCallIsMadeAndTimed() throws Exception {
    Memory memory = new Memory(100);

    Measurement measured = round(Operation.PUT, 3).run(memory, LENGTH, 1);

    assertThat(measured.latencies().count()).isEqualTo(memory.calls.get());
    assertThat(measured.perSecond()).isPositive();
    // Each caller has one call under way when the round ends, which isn't counted; the round may
    // have been longer than it was to be, but not shorter.
    assertThat(measured.perSecond()).isLessThanOrEqualTo((memory.calls.get() - 3) / 0.05);
  }

  @Test
  void fewCallersArePlatformThreadsAndManyAreVirtual() throws Exception {
    Memory few = new Memory(100);
    Memory many = new Memory(100);
    Memory stubborn = new Memory(100);

    round(Operation.PUT, 8).run(few, LENGTH, 1);
    round(Operation.PUT, 64).run(many, LENGTH, 1);
    new Round(row(Operation.PUT, 64), Peer.ROCKSDB_THREADS, KEYS).run(stubborn, LENGTH, 1);

    assertThat(few.virtual).containsExactly(false);
    assertThat(many.virtual).containsExactly(true);
    assertThat(stubborn.virtual).containsExactly(false);
  }

  @Test
  void newKeysAreNewInEveryRound() throws Exception {
    Set<String> keys = ConcurrentHashMap.newKeySet();
    AtomicLong again = new AtomicLong();
    Memory memory =
        new Memory(100) {
          @Override
          public void put(String key, byte[] value) {
            if (!keys.add(key)) {
              again.incrementAndGet();
            }
          }
        };
    keys.addAll(KEYS.all());

    round(Operation.PUT_NEW, 3).run(memory, LENGTH, 0);
    round(Operation.PUT_NEW, 3).run(memory, LENGTH, 1);

    assertThat(keys).hasSizeGreaterThan(KEYS.all().size());
    assertThat(again).hasValue(0);
  }

  @Test
  void aValueOfAnotherSizeFailsTheRound() {
    Memory memory = new Memory(99);

    assertThatThrownBy(() -> round(Operation.GET_HOT, 2).run(memory, LENGTH, 1))
        .hasMessageContaining("row")
        .cause()
        .hasMessageContaining("has 99 bytes");
  }

  @Test
  void aCallerThatCannotBeginFailsTheRound() {
    Memory memory =
        new Memory(100) {
          @Override
          public Client client() {
            throw new IllegalStateException("no client");
          }
        };

    assertThatThrownBy(() -> round(Operation.GET_HOT, 2).run(memory, LENGTH, 1))
        .hasRootCauseMessage("no client");
  }

  private static Round round(Operation operation, int callers) {
    return new Round(row(operation, callers), Peer.KV, KEYS);
  }

  private static Row row(Operation operation, int callers) {
    return Row.of("row", operation, callers, 100, List.of(Peer.KV));
  }

  /// Keeps nothing, and answers at once.
  private static class Memory implements Contender, Contender.Client {
    final AtomicLong calls = new AtomicLong();
    final Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
    private final int bytes;

    Memory(int bytes) {
      this.bytes = bytes;
    }

    @Override
    public void load(List<String> keys, Values values) {}

    @Override
    public Client client() {
      return this;
    }

    @Override
    public void put(String key, byte[] value) {
      calls.incrementAndGet();
      virtual.add(Thread.currentThread().isVirtual());
    }

    @Override
    public byte[] get(String key) {
      return new byte[bytes];
    }

    @Override
    public void close() {}
  }
}
