package dev.latchkey.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Everything the simulated GitHub keeps. Its methods and what they return are used under its own
/// monitor only.
final class GitHubState {

  /// A check run with its times, which only the API shows.
  ///
  /// @param history what it was after each write, the oldest first, the last is [#run()]
  record CheckRunState(
      SimulatedCheckRun run,
      Instant startedAt,
      @Nullable Instant completedAt,
      List<SimulatedCheckRun> history) {

    CheckRunState noted() {
      var all = new ArrayList<>(history);
      all.add(run);
      return new CheckRunState(run, startedAt, completedAt, List.copyOf(all));
    }
  }

  /// A repository with what hangs on it.
  static final class RepositoryState {
    private final SimulatedRepository repository;
    private final Map<Integer, PullRequestState> pullRequests = new TreeMap<>();
    private final List<CheckRunState> checkRuns = new ArrayList<>();
    private final Set<String> commits = new HashSet<>();
    private final Map<String, String> roles = new HashMap<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<String, byte[]> blobs = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
    private final Map<SimulatedReaction, Long> reactions = new LinkedHashMap<>();

    private RepositoryState(SimulatedRepository repository) {
      this.repository = repository;
    }

    SimulatedRepository repository() {
      return repository;
    }

    Map<Integer, PullRequestState> pullRequests() {
      return pullRequests;
    }

    List<CheckRunState> checkRuns() {
      return checkRuns;
    }

    /// What people may do, by login in lower case: `admin`, `maintain`, `write`, `triage` or
    /// `read`.
    Map<String, String> roles() {
      return roles;
    }

    /// Files, by `branch:path`.
    Map<String, byte[]> contents() {
      return contents;
    }

    /// Contents by their id.
    Map<String, byte[]> blobs() {
      return blobs;
    }

    /// Logins, in lower case, which are no user's.
    Set<String> gone() {
      return gone;
    }

    /// In the order of their ids.
    Map<SimulatedReaction, Long> reactions() {
      return reactions;
    }

    /// The pull request with that comment below it.
    Optional<PullRequestState> withComment(long id) {
      return pullRequests.values().stream()
          .filter(pull -> pull.conversation().comment(id).isPresent())
          .findFirst();
    }

    /// A comment at a line.
    Optional<SimulatedThreadComment> threadComment(long id) {
      return pullRequests.values().stream()
          .flatMap(pull -> pull.conversation().threadComments().stream())
          .filter(comment -> comment.id() == id)
          .findFirst();
    }

    /// Every commit that was ever pushed here or is a base.
    Set<String> commits() {
      return commits;
    }
  }

  private final InstantSource clock;
  private final Map<String, RepositoryState> repositories = new LinkedHashMap<>();
  private final Map<String, Long> installations = new LinkedHashMap<>();
  private final Map<Long, Instant> suspended = new HashMap<>();
  private final Set<Long> uninstalled = new HashSet<>();
  private long lastId = 1_000;

  GitHubState(InstantSource clock) {
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  long nextId() {
    return ++lastId;
  }

  SimulatedRepository addRepository(String owner, String name) {
    requireName(owner, "owner");
    requireName(name, "repository");
    var installation = installations.computeIfAbsent(lower(owner), _ -> nextId());
    var repository = new SimulatedRepository(nextId(), installation, owner, name);
    var state = new RepositoryState(repository);
    if (repositories.putIfAbsent(lower(repository.fullName()), state) != null) {
      throw new IllegalArgumentException("there is a repository " + repository.fullName());
    }
    return repository;
  }

  /// By its name, upper and lower case apart, as at GitHub.
  Optional<RepositoryState> repository(String owner, String name) {
    return Optional.ofNullable(repositories.get(lower(owner + "/" + name)));
  }

  /// Installations by the login, in lower case, of whom they belong to.
  Map<String, Long> installations() {
    var present = new LinkedHashMap<>(installations);
    present.values().removeAll(uninstalled);
    return present;
  }

  void suspend(long installation, boolean value) {
    if (value) {
      suspended.putIfAbsent(installation, now());
    } else {
      suspended.remove(installation);
    }
  }

  /// Since when an installation is suspended; empty if it isn't.
  Optional<Instant> suspended(long installation) {
    return Optional.ofNullable(suspended.get(installation));
  }

  void uninstall(long installation, boolean value) {
    if (value) {
      uninstalled.add(installation);
    } else {
      uninstalled.remove(installation);
    }
  }

  boolean isInstalled(long installation) {
    return !uninstalled.contains(installation);
  }

  Collection<RepositoryState> repositories() {
    return repositories.values();
  }

  Optional<RepositoryState> repository(long id) {
    return repositories.values().stream().filter(s -> s.repository().id() == id).findFirst();
  }

  /// The repositories of an installation; empty if there is no such installation.
  List<SimulatedRepository> installed(long installation) {
    return repositories.values().stream()
        .map(RepositoryState::repository)
        .filter(repository -> repository.installation() == installation)
        .filter(_ -> isInstalled(installation))
        .toList();
  }

  int open(SimulatedRepository repository, ProposedChange change) {
    var state = known(repository);
    var number = state.pullRequests().size() + 1;
    state.pullRequests().put(number, new PullRequestState(repository, number, change, now()));
    state.commits().add(change.headSha());
    state.commits().add(change.baseSha());
    return number;
  }

  RepositoryState known(SimulatedRepository repository) {
    return repository(repository.owner(), repository.name())
        .orElseThrow(() -> new IllegalArgumentException("no repository " + repository.fullName()));
  }

  PullRequestState known(SimulatedRepository repository, int number) {
    var pullRequest = known(repository).pullRequests().get(number);
    if (pullRequest == null) {
      throw new IllegalArgumentException(
          "no pull request " + number + " in " + repository.fullName());
    }
    return pullRequest;
  }

  private static void requireName(String name, String what) {
    if (!name.matches("[A-Za-z0-9._-]{1,100}") || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          what + " is 1 to 100 letters, digits, dots, dashes or underlines: " + name);
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
