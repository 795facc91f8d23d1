package dev.latchkey.server;

import dev.latchkey.github.App;
import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.Installation;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Looks at what GitHub says: of the time, of us, and of who has installed us.
final class GitHubChecks {

  private static final Duration CALL = Duration.ofSeconds(10);

  /// GitHub takes no App token which is dated in its future, or ends too late.
  private static final Duration MOST_SKEW = Duration.ofSeconds(60);

  private static final Map<String, String> NEEDED =
      Map.of("pull_requests", "write", "checks", "write", "contents", "read", "metadata", "read");
  private static final String PULL_REQUEST = "pull_request";
  private static final List<String> EVENTS =
      List.of(
          PULL_REQUEST, "issue_comment", "pull_request_review_comment", "check_run", "check_suite");

  private final Settings settings;
  private final InstantSource clock;

  GitHubChecks(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  Check clock() {
    try {
      Probe probe = Probe.of(settings.app().api(), Map.of());
      Instant here = clock.instant();
      Instant there =
          ZonedDateTime.parse(probe.date().orElse(""), DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant();
      Duration skew = Duration.between(there, here);
      String told =
          "%d s %s GitHub's"
              .formatted(skew.abs().toSeconds(), skew.isNegative() ? "behind" : "ahead of");
      return skew.abs().compareTo(MOST_SKEW) > 0
          ? Check.fail("clock", told + "; set it, best by NTP")
          : Check.ok("clock", told);
    } catch (IOException e) {
      return Check.warn("clock", "not checked: " + settings.app().api() + ": " + e.getMessage());
    } catch (DateTimeException e) {
      return Check.warn("clock", "not checked: GitHub's answer has no date");
    }
  }

  /// Asks about us.
  List<Check> app() {
    List<Check> checks = new ArrayList<>();
    try (GitHub github = GitHub.of(dev.latchkey.server.App.gitHub(settings, clock))) {
      App app = github.app(Deadline.after(CALL));
      checks.add(Check.ok("github", "App %d is %s".formatted(app.id(), app.slug())));
      checks.add(permissions(app));
      checks.add(events(app));
      checks.add(installations(github.installations(Deadline.after(CALL))));
    } catch (GitHubException e) {
      String name = checks.isEmpty() ? "github" : "installations";
      String told = e.getMessage() + "; check GITHUB_API_URL, and the way there";
      checks.add(Check.fail(name, AppIdentity.refusal(e, settings.app()).orElse(told)));
    }
    return checks;
  }

  private static Check permissions(App app) {
    List<String> missing =
        NEEDED.entrySet().stream()
            .filter(need -> !grants(app.permissions().getOrDefault(need.getKey(), ""), need))
            .map(need -> need.getKey() + ": " + need.getValue())
            .sorted()
            .toList();
    return missing.isEmpty()
        ? Check.ok("permissions", "all that are needed")
        : Check.fail(
            "permissions",
            "missing are %s; give them on the App's page, and accept them where it is installed"
                .formatted(String.join(", ", missing)));
  }

  private static boolean grants(String granted, Map.Entry<String, String> need) {
    return granted.equals(need.getValue()) || List.of("write", "admin").contains(granted);
  }

  /// Without an event only what it would have told is missed or late.
  private Check events(App app) {
    List<String> missing = EVENTS.stream().filter(event -> !app.events().contains(event)).toList();
    if (missing.isEmpty()) {
      return Check.ok("events", "all that are needed");
    }
    if (settings.upkeep().poll().isPresent()) {
      return Check.ok("events", "not needed, as GitHub is polled");
    }
    String told =
        "not subscribed to %s; do so on the App's page".formatted(String.join(", ", missing));
    return missing.contains(PULL_REQUEST) ? Check.fail("events", told) : Check.warn("events", told);
  }

  private Check installations(List<Installation> installations) {
    Set<String> installed =
        installations.stream()
            .filter(installation -> !installation.suspended())
            .map(installation -> installation.account().login().toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> owners = settings.app().owners();
    Set<String> served = new TreeSet<>(installed);
    served.removeIf(owner -> !settings.app().serves(owner));
    Set<String> missing = new TreeSet<>(owners);
    missing.removeAll(installed);
    Set<String> strangers = new TreeSet<>(installed);
    strangers.removeAll(served);
    String ignored =
        strangers.isEmpty() ? "" : "; ignored, as no owner of ours: " + brief(strangers);
    if (served.isEmpty()) {
      return Check.fail(
          "installations",
          "no owner of ours has installed the App, or it is suspended; install it" + ignored);
    }
    return missing.isEmpty()
        ? Check.ok("installations", brief(served) + ignored)
        : Check.warn(
            "installations",
            "not installed, or suspended, by %s; install it there%s"
                .formatted(brief(missing), ignored));
  }

  private static String brief(Set<String> logins) {
    int most = 10;
    String first = logins.stream().limit(most).collect(Collectors.joining(", "));
    return logins.size() <= most ? first : first + " and " + (logins.size() - most) + " more";
  }
}
