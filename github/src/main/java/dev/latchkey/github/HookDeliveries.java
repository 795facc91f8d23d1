package dev.latchkey.github;

import java.util.List;
import java.util.Optional;

/// A page of the list of deliveries, the newest first.
///
/// @param next the cursor of the next page; empty if this is the last
public record HookDeliveries(List<HookDelivery> deliveries, Optional<String> next) {
  public HookDeliveries {
    deliveries = List.copyOf(deliveries);
  }
}
