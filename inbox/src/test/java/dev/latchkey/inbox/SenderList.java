package dev.latchkey.inbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A sender that lists what it sent, newest first, in pages, and counts who asks.
final class SenderList implements DeliverySource {

  private final int pageSize;
  private final List<Sent> sent = new ArrayList<>();
  final List<String> calls = new ArrayList<>();
  final Set<String> gone = new HashSet<>();
  final Set<String> broken = new HashSet<>();
  final Set<String> deadly = new HashSet<>();
  boolean down;

  /// What nobody catches, as nobody catches the death of a process.
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  SenderList(int pageSize) {
    this.pageSize = pageSize;
  }

  void add(String id, Instant at) {
    sent.addFirst(new Sent(id, "handle of " + id, at));
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public Page list(Instant since, @Nullable String cursor) throws IOException {
    calls.add("list " + since + (cursor == null ? "" : " from " + cursor));
    if (down) {
      throw new IOException("sender is down");
    }
    List<Sent> all = sent.stream().filter(one -> !one.at().isBefore(since)).toList();
    int from = cursor == null ? 0 : Integer.parseInt(cursor);
    int to = Math.min(all.size(), from + pageSize);
    return new Page(all.subList(from, to), to < all.size() ? Integer.toString(to) : null);
  }

  @Override
  public Optional<Delivery> fetch(Sent one) throws IOException {
    calls.add("fetch " + one.id());
    if (deadly.contains(one.id())) {
      throw new Death();
    }
    if (broken.contains(one.id())) {
      throw new IOException("can't be read");
    }
    if (gone.contains(one.id())) {
      return Optional.empty();
    }
    byte[] body = one.id().getBytes(StandardCharsets.UTF_8);
    return Optional.of(new Delivery("test", one.id(), "build", Map.of(), body));
  }

  List<String> fetched() {
    return calls.stream()
        .filter(call -> call.startsWith("fetch "))
        .map(c -> c.substring(6))
        .toList();
  }
}
