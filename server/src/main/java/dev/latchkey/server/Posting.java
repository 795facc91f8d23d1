package dev.latchkey.server;

import dev.latchkey.github.GitHub;
import dev.latchkey.kv.Database;

/// What everything needs that posts at GitHub, and knows again what it has posted.
record Posting(GitHub github, Database database, Markers markers, BotLogin bot) {}
