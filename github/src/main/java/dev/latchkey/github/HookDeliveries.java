package dev.latchkey.github;

import java.util.List;
import java.util.Optional;

/// One page of the App's deliveries, the newest first.
///
/// @param next the cursor of the next, older page; empty on the last one
public record HookDeliveries(List<HookDelivery> deliveries, Optional<String> next) {
  public HookDeliveries {
    deliveries = List.copyOf(deliveries);
  }
}
