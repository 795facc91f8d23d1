package dev.latchkey.github;

import java.util.List;
import java.util.function.Function;

/// A list which GitHub gives in pages.
///
/// @param path with its query so far
/// @param maxPages how many are read at most
/// @param elements finds the list in a page's body
/// @param reader reads one element of it
record Listing<T>(
    String path,
    int maxPages,
    Function<byte[], List<Fields>> elements,
    Function<Fields, T> reader) {
  /// The most that GitHub gives at once.
  static final int PAGE_SIZE = 100;

  /// A page, counted from 1.
  Request page(int number) {
    String separator = path.contains("?") ? "&" : "?";
    return Request.get(path + separator + "per_page=" + PAGE_SIZE + "&page=" + number);
  }

  List<T> read(Answer page) {
    return elements.apply(page.body()).stream().map(reader).toList();
  }
}
