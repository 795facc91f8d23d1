package dev.latchkey.github;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Answers which GitHub says it would give again, by what they are of (RFC 9110, "Conditional
/// Requests"). An unchanged answer costs nothing of the hour's budget. In memory only, and bounded.
final class Etags {
  private static final int MAX_PAGES = 2_000;
  private static final long MAX_BYTES = 32L << 20;

  /// What was answered.
  record Known(String etag, Answer answer) {}

  /// The least recently used goes first. Guarded by `this`, as is the sum.
  private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  synchronized Optional<Known> of(long installation, Request request) {
    return Optional.ofNullable(known.get(name(installation, request)));
  }

  synchronized void keep(long installation, Request request, Answer answer) {
    Optional<String> etag = answer.header("etag");
    if (etag.isEmpty()) {
      return;
    }
    Known before = known.put(name(installation, request), new Known(etag.get(), answer));
    bytes += answer.body().length - (before == null ? 0 : before.answer().body().length);
    var oldest = known.entrySet().iterator();
    while (known.size() > MAX_PAGES || (bytes > MAX_BYTES && oldest.hasNext())) {
      bytes -= oldest.next().getValue().answer().body().length;
      oldest.remove();
    }
  }

  private static String name(long installation, Request request) {
    return installation + " " + request.path();
  }
}
