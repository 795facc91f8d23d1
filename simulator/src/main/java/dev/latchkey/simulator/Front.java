package dev.latchkey.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What stands between the wire and the API: tells the listener of each request, does with it what
/// the listener says, and keeps the writes.
final class Front {
  private static final String NO_USER_AGENT =
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent"
          + " header";

  private final GitHubState state;
  private final GitHubApi api;
  private final Executor later;
  private final boolean etags;
  private final AtomicLong requests = new AtomicLong();
  private final List<ApiWrite> writes = new ArrayList<>();
  private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
  private final List<CompletableFuture<Void>> held = new CopyOnWriteArrayList<>();
  private volatile ApiListener listener = new ApiListener() {};

  /// @param later applies what was held
  Front(GitHubState state, GitHubApi api, Executor later, boolean etags) {
    this.state = state;
    this.api = api;
    this.later = later;
    this.etags = etags;
  }

  void listener(ApiListener value) {
    listener = value;
  }

  List<ApiWrite> writes() {
    synchronized (state) {
      return List.copyOf(writes);
    }
  }

  /// Lets go of what is stalled.
  void close() {
    closed.complete(true);
  }

  Loopback.Outgoing serve(Loopback.Incoming request) throws Loopback.Dropped {
    var told =
        new ApiRequest(
            requests.incrementAndGet(),
            request.method(),
            request.path(),
            request.query(),
            request.body());
    var fate = listener.before(told);
    if (fate instanceof Fate.Hold(var until)) {
      held.add(until.thenRunAsync(() -> applied(request, told), later));
      throw new Loopback.Dropped();
    }
    awaited(fate);
    var instead = instead(fate);
    if (instead != null) {
      return instead;
    }
    var answer = altered(applied(request, told), fate);
    var end = listener.after(told, answer.status());
    if (end instanceof Fate.Hold) {
      throw new IllegalStateException("only what is not applied can be held");
    }
    awaited(end);
    var lost = instead(end);
    return lost == null ? altered(answer, end) : lost;
  }

  /// Waits until everything that is held has been applied.
  void awaitHeld() {
    held.forEach(CompletableFuture::join);
  }

  private void awaited(Fate fate) throws Loopback.Dropped {
    if (fate instanceof Fate.Stall(var until)) {
      try {
        var _ = CompletableFuture.anyOf(until, closed).join();
      } catch (CompletionException | CancellationException e) {
        // However it was completed, the waiting is over.
        return;
      }
      if (closed.isDone()) {
        throw new Loopback.Dropped();
      }
    }
  }

  private Loopback.Outgoing applied(Loopback.Incoming request, ApiRequest told) {
    if (request.header("user-agent").orElse("").isBlank()) {
      return Loopback.Outgoing.of(403, "text/plain; charset=utf-8", NO_USER_AGENT);
    }
    synchronized (state) {
      ApiReply reply;
      Map<String, String> more = Map.of();
      try {
        reply = api.serve(request);
      } catch (ApiError e) {
        reply = new ApiReply(e.status(), e.json(), "");
        more = e.headers();
      }
      if (told.write()) {
        writes.add(
            new ApiWrite(
                state.now(),
                told.method(),
                told.path(),
                told.body(),
                reply.status(),
                reply.json().toString()));
      }
      var headers = headers(reply, told);
      headers.putAll(more);
      return outgoing(reply, headers, request);
    }
  }

  private static Map<String, String> headers(ApiReply reply, ApiRequest told) {
    var headers = new HashMap<String, String>();
    headers.put("X-GitHub-Media-Type", "github.v3; format=json");
    headers.put("X-GitHub-Request-Id", "SIM:" + Long.toHexString(told.number()));
    if (!reply.json().isMissingNode()) {
      headers.put("Content-Type", reply.contentType());
    }
    if (!reply.link().isEmpty()) {
      headers.put("Link", reply.link());
    }
    return headers;
  }

  private Loopback.Outgoing outgoing(
      ApiReply reply, Map<String, String> headers, Loopback.Incoming request) {
    if (etags && request.method().equals("GET") && reply.status() == 200) {
      var etag = "W/\"" + digest(reply.body() + reply.link()) + "\"";
      headers.put("ETag", etag);
      if (known(request.header("if-none-match").orElse(""), etag)) {
        return new Loopback.Outgoing(304, headers, "");
      }
    }
    return new Loopback.Outgoing(reply.status(), headers, reply.body(), reply.charset());
  }

  private static boolean known(String header, String etag) {
    return Arrays.stream(header.split(",", -1)).map(String::strip).anyMatch(etag::equals);
  }

  private static String digest(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /// What is answered in place of GitHub's answer; null for that itself.
  private static Loopback.@Nullable Outgoing instead(Fate fate) throws Loopback.Dropped {
    return switch (fate) {
      case Fate.Drop() -> throw new Loopback.Dropped();
      case Fate.Answer(int status, var headers, String body) -> {
        var all = new HashMap<>(headers);
        all.putIfAbsent("Content-Type", "application/json; charset=utf-8");
        yield new Loopback.Outgoing(status, all, body);
      }
      case Fate.Fail(int status) ->
          Loopback.Outgoing.of(status, "text/html", "<html><body>Unicorn!</body></html>");
      case Fate.Proceed _, Fate.Hold _, Fate.Stall _, Fate.Slow _, Fate.BreakOff _, Fate.Garble _ ->
          null;
    };
  }

  private static Loopback.Outgoing altered(Loopback.Outgoing answer, Fate fate) {
    return switch (fate) {
      case Fate.Slow(int piece, var pause) -> answer.sent(new Loopback.Manner.Slow(piece, pause));
      case Fate.BreakOff(int after) -> answer.sent(new Loopback.Manner.BrokenOff(after));
      case Fate.Garble(String body) ->
          new Loopback.Outgoing(answer.status(), answer.headers(), body);
      case Fate.Proceed _, Fate.Drop _, Fate.Hold _, Fate.Stall _, Fate.Answer _, Fate.Fail _ ->
          answer;
    };
  }
}
