package dev.latchkey.server;

import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.SimulatedGitHub;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lets writes to the simulated GitHub go wrong, until it is told to mend.
final class FaultyGitHub implements ApiListener {

  private final SimulatedGitHub github;
  private final Faults faults;
  private final CompletableFuture<?> late = new CompletableFuture<>();
  private final Map<GitHubWrite, Integer> sent = new EnumMap<>(GitHubWrite.class);
  private final Map<Long, GitHubFault> afterwards = new HashMap<>();
  private final int writesBefore;
  private int struck;
  private int undone;
  private boolean mended;

  /// Which fault there is.
  @FunctionalInterface
  interface Faults {

    /// Returns what goes wrong with a write; null for nothing.
    ///
    /// @param nth of that kind, from 1
    @Nullable GitHubFault of(GitHubWrite kind, int nth);
  }

  FaultyGitHub(SimulatedGitHub github, Faults faults) {
    this.github = github;
    this.faults = faults;
    this.writesBefore = github.writes().size();
    github.listener(this);
  }

  @Override
  public synchronized Fate before(ApiRequest request) {
    Optional<GitHubWrite> kind = kind(request.method(), request.path(), request.body());
    if (kind.isEmpty()) {
      return Fate.proceed();
    }
    GitHubFault fault =
        mended ? null : faults.of(kind.get(), sent.merge(kind.get(), 1, Integer::sum));
    if (fault == null) {
      return Fate.proceed();
    }
    struck++;
    if (fault.done) {
      afterwards.put(request.number(), fault);
      return Fate.proceed();
    }
    undone += fault == GitHubFault.DONE_LATE ? 0 : 1;
    return fault.fate(late);
  }

  @Override
  public synchronized Fate after(ApiRequest request, int status) {
    GitHubFault fault = afterwards.remove(request.number());
    return fault == null ? Fate.proceed() : fault.fate(late);
  }

  /// Does what is to be done late, and lets nothing go wrong any more.
  void mend() {
    int expected;
    synchronized (this) {
      mended = true;
      expected = sent.values().stream().mapToInt(Integer::intValue).sum() - undone;
    }
    late.complete(null);
    while (decided() < expected) {
      Thread.onSpinWait();
    }
  }

  synchronized int sent(GitHubWrite kind) {
    return sent.getOrDefault(kind, 0);
  }

  synchronized int struck() {
    return struck;
  }

  private long decided() {
    return github.writes().stream()
        .skip(writesBefore)
        .filter(one -> kind(one.method(), one.path(), one.body()).isPresent())
        .count();
  }

  private static Optional<GitHubWrite> kind(String method, String path, String body) {
    return Stream.of(GitHubWrite.values()).filter(one -> one.is(method, path, body)).findFirst();
  }
}
