package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.github.InstallationTokens.Scope;
import dev.latchkey.github.RememberedPages.Page;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedPagesTest {
  private static final Scope SCOPE = new Scope(42, 99);
  private final RememberedPages pages = new RememberedPages();

  @Test
  void whatIsRememberedIsBoundedAndTheOldestGoesFirst() {
    for (int i = 0; i < 40; i++) {
      pages.remember(SCOPE, "p" + i, page(1 << 20));
    }

    assertThat(pages.characters()).isBetween(10 << 20, RememberedPages.MAX_CHARACTERS);
    assertThat(pages.page(SCOPE, "p0")).isEmpty();
    assertThat(pages.page(SCOPE, "p39")).isPresent();
  }

  @Test
  void aPageTooLargeIsForgottenAndWithItTheOlderOneOfItsName() {
    pages.remember(SCOPE, "p", page(10));

    pages.remember(SCOPE, "p", page(RememberedPages.MAX_CHARACTERS));

    assertThat(pages.page(SCOPE, "p")).isEmpty();
    assertThat(pages.characters()).isZero();
  }

  @Test
  void anotherScopeSeesNothing() {
    pages.remember(SCOPE, "p", page(10));

    assertThat(pages.page(new Scope(43, 99), "p")).isEmpty();
  }

  private static Page page(int characters) {
    PullRequest pull =
        new PullRequest(
            7,
            PullRequest.State.OPEN,
            false,
            false,
            "",
            "x".repeat(characters),
            Account.GHOST,
            "a".repeat(40),
            99,
            "main",
            "b".repeat(40),
            0,
            List.of(),
            Association.NONE,
            Instant.EPOCH);
    return new Page("tag", List.of(pull), false);
  }
}
