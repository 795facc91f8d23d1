package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void namesAreReadInAnyCase() {
    assertThat(Scale.of("quick")).isEqualTo(Scale.QUICK);
    assertThat(Scale.of("Soak")).isEqualTo(Scale.SOAK);
  }

  @Test
  void otherNamesAreRefused() {
    assertThatThrownBy(() -> Scale.of("fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("quick, ci or soak");
  }
}
