package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.HookDeliveries;
import dev.latchkey.github.HookDelivery;
import dev.latchkey.github.HookPayload;
import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.DeliverySource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What GitHub says it has sent to the App: deliveries that didn't arrive are fetched from there.
///
/// The list names the newest first. GitHub keeps them for 3 days (Enterprise Server 7), and has
/// none at all of an App whose webhook is inactive.
final class HookSource implements DeliverySource {

  private static final Duration CALL = Duration.ofSeconds(60);

  private final GitHub github;
  private final String name;

  /// @param name the source of the App's deliveries, as that of those which arrive
  HookSource(GitHub github, String name) {
    this.github = github;
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Page list(Instant since, @Nullable String cursor) {
    HookDeliveries page;
    try {
      page = github.hookDeliveries(cursor, Deadline.after(CALL));
    } catch (GitHubException.NotFound e) {
      return new Page(List.of(), null);
    }
    List<HookDelivery> all = page.deliveries();
    boolean past = !all.isEmpty() && all.getLast().deliveredAt().isBefore(since);
    return new Page(
        all.stream()
            .filter(delivery -> !delivery.deliveredAt().isBefore(since))
            .map(delivery ->
                new Sent(delivery.guid(), Long.toString(delivery.id()), delivery.deliveredAt()))
            .toList(),
        past ? null : page.next().orElse(null));
  }

  @Override
  public Optional<Delivery> fetch(Sent sent) {
    Optional<HookPayload> found =
        github.hookDelivery(Long.parseLong(sent.handle()), Deadline.after(CALL));
    return found.map(payload ->
        new Delivery(name, sent.id(), payload.delivery().event(), Map.of(), payload.body()));
  }
}
