package dev.latchkey.review;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Where a model is asked.
///
/// @param key never part of [#toString()]
record Endpoint(URI url, String model, @Nullable String key) {
  String host() {
    return url.getHost();
  }

  @Override
  public String toString() {
    return "Endpoint[url=" + url + ", model=" + model + "]";
  }
}
