package dev.latchkey.testkit;

/// How much of a long suite is run. Set by the system property `latchkey.scale`, which Maven's
/// profiles `ci` and `soak` set; a build without them is quick.
public enum Scale {
  /// About a tenth of the figures, in every build.
  QUICK,
  /// The figures that continuous integration vouches for.
  CI,
  /// Far more, for an hour by hand.
  SOAK;

  /// Returns the figure of the scale in force.
  ///
  /// @throws IllegalArgumentException if the property names no scale
  public static int pick(int quick, int ci, int soak) {
    return switch (of(System.getProperty("latchkey.scale", "quick"))) {
      case QUICK -> quick;
      case CI -> ci;
      case SOAK -> soak;
    };
  }

  static Scale of(String name) {
    for (Scale scale : values()) {
      if (scale.name().equalsIgnoreCase(name)) {
        return scale;
      }
    }
    throw new IllegalArgumentException("latchkey.scale is quick, ci or soak, not " + name);
  }
}
