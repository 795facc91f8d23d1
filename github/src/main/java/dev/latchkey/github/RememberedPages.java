package dev.latchkey.github;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pages of open pull requests with their tags, so that what did not change is not sent again; a
/// 304 does not count against GitHub's limit. In memory only, and bounded: the page used longest
/// ago goes first.
final class RememberedPages {
  /// Of text, in characters; a page has 100 pull requests of up to 65,536 each.
  static final int MAX_CHARACTERS = 16 << 20;

  /// For all of a pull request that is not its title and body.
  private static final int REST_OF_ONE = 1_000;

  /// @param etag empty if GitHub gave none; such a page is not kept
  /// @param continues whether GitHub said that another page follows
  record Page(String etag, List<PullRequest> pulls, boolean continues) {
    /// With another page to follow.
    Page continued() {
      return new Page(etag, pulls, true);
    }

    int characters() {
      return REST_OF_ONE
          + pulls.stream()
              .mapToInt(pull -> REST_OF_ONE + pull.title().length() + pull.body().length())
              .sum();
    }
  }

  private record Key(InstallationTokens.Scope scope, String path) {}

  /// Both guarded by `this`.
  private final Map<Key, Page> pages = new LinkedHashMap<>(16, 0.75f, true);

  private int characters;

  synchronized Optional<Page> page(InstallationTokens.Scope scope, String path) {
    return Optional.ofNullable(pages.get(new Key(scope, path)));
  }

  synchronized void remember(InstallationTokens.Scope scope, String path, Page page) {
    Key key = new Key(scope, path);
    @Nullable Page old = pages.remove(key);
    characters -= old == null ? 0 : old.characters();
    if (page.etag().isEmpty() || page.characters() > MAX_CHARACTERS) {
      return;
    }
    pages.put(key, page);
    characters += page.characters();
    Iterator<Page> eldest = pages.values().iterator();
    while (characters > MAX_CHARACTERS && eldest.hasNext()) {
      characters -= eldest.next().characters();
      eldest.remove();
    }
  }

  synchronized void clear() {
    pages.clear();
    characters = 0;
  }

  synchronized int characters() {
    return characters;
  }
}
