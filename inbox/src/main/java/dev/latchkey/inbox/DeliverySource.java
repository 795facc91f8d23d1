package dev.latchkey.inbox;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the sender itself says it sent, by which the inbox catches up on what it missed.
///
/// The methods are called by one thread at a time. What they throw ends that look, is told to the
/// listener, and the next look begins where this one did.
public interface DeliverySource {

  /// Returns the `source` of its deliveries, which is also its name: 1 to 64 characters.
  String name();

  /// Lists what was sent at that time or later, in any order. One call.
  ///
  /// @param cursor null for the first page, else what the page before named
  Page list(Instant since, @Nullable String cursor) throws Exception;

  /// Fetches a delivery as it was sent, with this source's name and the listed id. One call.
  ///
  /// @return empty if the sender no longer has it
  Optional<Delivery> fetch(Sent sent) throws Exception;

  /// A delivery in the sender's list.
  ///
  /// @param id as in [Delivery#id]
  /// @param handle by which the sender fetches it; the id, if there's no other
  record Sent(String id, String handle, Instant at) {
    public Sent {
      Texts.requireName("id", id, 256);
      Texts.requireName("handle", handle, 1_024);
      Objects.requireNonNull(at, "at");
    }
  }

  /// A page of the list.
  ///
  /// @param next names the next page, at most 4,096 characters; null if this is the last
  record Page(List<Sent> deliveries, @Nullable String next) {
    public Page {
      deliveries = List.copyOf(deliveries);
      if (next != null) {
        Texts.requireText("cursor", next, 4_096);
      }
    }
  }
}
