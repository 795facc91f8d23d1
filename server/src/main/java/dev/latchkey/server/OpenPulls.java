package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.Installation;
import dev.latchkey.github.PullRequest;
import dev.latchkey.github.RepositoryRef;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Resync;
import dev.latchkey.inbox.WorkQuery;
import dev.latchkey.inbox.WorkState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Looks through the open pull requests of all repositories for heads without a review and without
/// a work that waits, whatever was lost; and for pull requests to which a write may have come late.
final class OpenPulls implements Resync {

  private static final Logger LOG = System.getLogger(OpenPulls.class.getName());
  private static final Duration CALL = Duration.ofSeconds(60);

  /// How many repositories are asked about in one look; the next one goes on from there.
  private static final int MOST_REPOSITORIES = 500;

  /// After this a head that is not reviewed is judged anew, as the repository's file may say
  /// something else by now.
  private static final Duration REFUSED_ANEW = Duration.ofHours(1);

  private final Parts parts;
  private final Inbox inbox;
  private long lastRepository;

  /// What the look is made with.
  record Parts(
      GitHub github,
      Settings.App app,
      ReviewWorks works,
      Wishes wishes,
      Publications publications,
      Refusals refusals,
      Writes writes,
      Notices notices,
      Asks asks,
      InstantSource clock) {}

  OpenPulls(Parts parts, Inbox inbox) {
    this.parts = parts;
    this.inbox = inbox;
  }

  @Override
  public List<NewWork> look() {
    parts.notices().askAll(parts.asks());
    List<NewWork> works = new ArrayList<>();
    Set<String> open = new HashSet<>();
    for (RepositoryRef repository : share(repositories())) {
      lastRepository = repository.id();
      try {
        for (PullRequest now : parts.github().openPullRequests(repository, deadline())) {
          PullRef pull = new PullRef(repository, now.number());
          open.add(pull.lane());
          work(pull, now).ifPresent(works::add);
        }
      } catch (GitHubException.RateLimited e) {
        LOG.log(Level.WARNING, "event=resync.limited at=" + repository.fullName(), e);
        break;
      } catch (GitHubException e) {
        // One that can't be seen doesn't hold up the others.
        LOG.log(Level.WARNING, "event=resync.passed-over repository=" + repository.fullName(), e);
      }
    }
    for (PullRef pull : parts.writes().latePulls()) {
      if (!open.contains(pull.lane()) && !isLive(pull)) {
        works.add(Closing.work(pull));
      }
    }
    return works;
  }

  /// Returns every repository which we see to.
  List<RepositoryRef> repositories() {
    List<RepositoryRef> all = new ArrayList<>();
    for (Installation installation : parts.github().installations(deadline())) {
      if (!installation.suspended() && parts.app().serves(installation.account().login())) {
        all.addAll(repositories(installation));
      }
    }
    return all;
  }

  private List<RepositoryRef> repositories(Installation installation) {
    try {
      return parts.github().repositories(installation.id(), deadline()).stream()
          .filter(repository -> parts.app().serves(repository.owner()))
          .toList();
    } catch (GitHubException.RateLimited e) {
      throw e;
    } catch (GitHubException e) {
      LOG.log(Level.WARNING, "event=resync.passed-over installation=" + installation.id(), e);
      return List.of();
    }
  }

  /// Goes on after the last one looked at, and from the first once there is none behind it.
  private List<RepositoryRef> share(List<RepositoryRef> all) {
    Comparator<RepositoryRef> byId = Comparator.comparingLong(RepositoryRef::id);
    List<RepositoryRef> sorted = all.stream().sorted(byId).toList();
    List<RepositoryRef> behind = sorted.stream().filter(one -> one.id() > lastRepository).toList();
    return Stream.concat(behind.stream(), sorted.stream())
        .distinct()
        .limit(MOST_REPOSITORIES)
        .toList();
  }

  private Optional<NewWork> work(PullRef pull, PullRequest now) {
    if (isLive(pull)) {
      return Optional.empty();
    } else if (!needsLook(pull, now)) {
      boolean late = parts.writes().isLate(pull, "");
      return late ? Optional.of(Closing.work(pull)) : Optional.empty();
    }
    boolean push = !parts.publications().of(pull).isEmpty();
    return Optional.of(push ? parts.works().onceQuiet(pull) : parts.works().now(pull));
  }

  private boolean needsLook(PullRef pull, PullRequest now) {
    ReviewKey key = ReviewKey.of(pull, now, parts.wishes());
    Optional<Publications.Publication> published = parts.publications().find(pull, key.hash());
    Optional<Refusals.Refusal> refused = parts.refusals().of(pull, key);
    if (published.isPresent()) {
      boolean untold = !published.get().told() && refused.filter(one -> !isOld(one)).isEmpty();
      return untold || parts.writes().isLate(pull, "");
    }
    return refused.isEmpty()
        || (!refused.get().lasting()
            && (parts.writes().isLate(pull, "")
                || now.updatedAt().isAfter(refused.get().at())
                || isOld(refused.get())));
  }

  private boolean isOld(Refusals.Refusal refusal) {
    return refusal.at().plus(REFUSED_ANEW).isBefore(parts.clock().instant());
  }

  private boolean isLive(PullRef pull) {
    WorkQuery live =
        WorkQuery.newest(1)
            .withLane(pull.lane())
            .withStates(WorkState.READY, WorkState.WAITING, WorkState.RUNNING, WorkState.HELD);
    return !inbox.works(live).isEmpty();
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
