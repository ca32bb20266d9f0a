package dev.paymaster.gateway.users;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.AuthorityUtils;
import reactor.core.publisher.Mono;

/**
 * Knows a caller by the API key. What it knows it keeps for {@link #MEMORY}, so a key that is revoked at another instance
 * works here for that long at the most; one that is revoked here ends at once. Thread-safe.
 */
final class KeyAuthentication implements ReactiveAuthenticationManager {
    static final Duration MEMORY = Duration.ofSeconds(5);
    private static final int MAX_KNOWN = 20_000;

    /** A database that hasn't answered by then is as good as away. */
    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(5);

    private final Users users;
    private final List<byte[]> adminKeys;
    private final AsyncCache<ByteBuffer, Answer> known = Caffeine.newBuilder()
            .expireAfter(Expiry.<ByteBuffer, Answer>creating(
                    (_, answer) -> answer.failure() == null ? MEMORY : Duration.ZERO))
            .maximumSize(MAX_KNOWN)
            .buildAsync();

    /** Keys that were somebody's within the hour. They may be revoked by now: what they may do is asked of {@link #known}. */
    private final Cache<ByteBuffer, Boolean> proven = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofHours(1))
            .maximumSize(MAX_KNOWN)
            .build();

    /**
     * What came of asking the database. The cache logs each load that fails with its stack trace, so a failure is an answer,
     * too, which only those who wait for it hear.
     *
     * @param caller null: the key is nobody's
     */
    private record Answer(@Nullable Caller caller, @Nullable Throwable failure) {
        Mono<Caller> toMono() {
            return failure == null ? Mono.justOrEmpty(caller) : Mono.error(failure);
        }
    }

    KeyAuthentication(Users users, List<String> adminKeys) {
        this.users = users;
        this.adminKeys = adminKeys.stream().map(ApiKey::hash).toList();
    }

    @Override
    public Mono<Authentication> authenticate(Authentication given) {
        return callerOf(hashIn(given))
                .switchIfEmpty(Mono.error(KeyAuthentication::unknownKey))
                .map(caller -> new UsernamePasswordAuthenticationToken(
                        caller, null, AuthorityUtils.createAuthorityList(caller.admin() ? "ADMIN" : "USER")));
    }

    /** What is to be authenticated; only the key's hash is carried along. */
    static Authentication claimOf(String key) {
        return UsernamePasswordAuthenticationToken.unauthenticated("api-key", ApiKey.hash(key));
    }

    private static byte[] hashIn(Authentication claim) {
        return (byte[]) Objects.requireNonNull(claim.getCredentials(), "made by claimOf");
    }

    /** Whether it was somebody's key within the hour, as far as that is known without asking the database. */
    boolean wasValid(Authentication claim) {
        byte[] hash = hashIn(claim);
        return isAdmin(hash) || proven.getIfPresent(ByteBuffer.wrap(hash)) != null;
    }

    /** Forgets everything: keys are revoked seldom. */
    void forget() {
        known.synchronous().invalidateAll();
    }

    private Mono<Caller> callerOf(byte[] hash) {
        if (isAdmin(hash)) {
            return Mono.just(Caller.administrator(hash));
        }
        return Mono.fromFuture(
                        () -> known.get(
                                ByteBuffer.wrap(hash),
                                (key, _) -> users.ownerOf(hash)
                                        .doOnNext(_ -> proven.put(key, true))
                                        .map(caller -> new Answer(caller, null))
                                        .defaultIfEmpty(new Answer(null, null))
                                        .timeout(DATABASE_LIMIT)
                                        .onErrorResume(failure -> Mono.just(new Answer(null, failure)))
                                        .toFuture()),
                        true)
                .flatMap(Answer::toMono);
    }

    private boolean isAdmin(byte[] hash) {
        boolean found = false;
        for (byte[] adminKey : adminKeys) {
            found |= MessageDigest.isEqual(adminKey, hash);
        }
        return found;
    }

    private static AuthenticationException unknownKey() {
        return new BadCredentialsException("unknown API key");
    }
}
