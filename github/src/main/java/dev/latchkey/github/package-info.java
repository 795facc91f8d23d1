/// A small typed GitHub client for an App. It speaks GitHub and keeps nothing: no file, no
/// database, only installation tokens in memory.
///
/// - [WebhookSignature] and [WebhookEvent] for what GitHub sends.
/// - [AppCredentials] and [GitHub] for what is asked of it. Every call takes a [Deadline] which
///   covers the answer's body, and reads at most [GitHubOptions#maxBodyBytes] of it.
/// - [GitHubException] is sealed by what the caller may do next.
@NullMarked
package dev.latchkey.github;

import org.jspecify.annotations.NullMarked;
