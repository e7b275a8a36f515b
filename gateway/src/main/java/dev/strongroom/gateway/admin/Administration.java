package dev.strongroom.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.hsm.protocol.Hsm;
import dev.strongroom.hsm.protocol.IdentityArn;
import dev.strongroom.hsm.protocol.IdentityKind;
import dev.strongroom.hsm.protocol.IdentityName;
import dev.strongroom.hsm.protocol.IdentityRecord;
import dev.strongroom.hsm.protocol.PolicyRecord;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Does what is asked, for whoever has seen to it that it may be asked. Thread-safe. */
public final class Administration {

    private static final Stamp UNSTAMPED = new Stamp(0, 0, 0);
    private static final String HTTPS = "https://";

    private final Hsm hsm;
    private final CredentialSource credentials;
    private final Supplier<UUID> ids;

    /**
     * @param hsm as an identity administrator sees it
     * @param ids of commands
     */
    public Administration(Hsm hsm, CredentialSource credentials, Supplier<UUID> ids) {
        this.hsm = hsm;
        this.credentials = credentials;
        this.ids = ids;
    }

    /**
     * What was done, as JSON. The stage fails with {@link AdminRefusal} for an expected no.
     *
     * @param servedRequest under which the HSM's trail has it
     */
    public CompletionStage<ObjectNode> perform(AdminRequest request, UUID servedRequest) {
        try {
            return new Work(new IdentityBook(hsm, ids, servedRequest), request).perform();
        } catch (AdminRefusal e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** One request. */
    private final class Work {

        private final IdentityBook book;
        private final AdminRequest request;
        private final Principals users;
        private final Principals roles;
        private final AccessKeys accessKeys;

        Work(IdentityBook book, AdminRequest request) {
            this.book = book;
            this.request = request;
            this.users = new Principals(book, credentials, request, IdentityKind.USER);
            this.roles = new Principals(book, credentials, request, IdentityKind.ROLE);
            this.accessKeys = new AccessKeys(book, credentials, request);
        }

        CompletionStage<ObjectNode> perform() {
            return switch (request.action()) {
                case ACCOUNT_CREATE -> created("account", account(request.flag(AdminParameter.OPEN)));
                case ACCOUNT_LIST -> listed("accounts", IdentityKind.ACCOUNT, "");
                case ACCOUNT_GET -> shown("account", name(IdentityKind.ACCOUNT, ""));
                case ACCOUNT_OPEN -> setOpen(true);
                case ACCOUNT_CLOSE -> setOpen(false);
                case USER_CREATE -> users.create();
                case USER_LIST -> users.list();
                case USER_GET -> users.get();
                case USER_DELETE -> users.delete();
                case USER_ATTACH -> users.attach();
                case USER_DETACH -> users.detach();
                case USER_PUT_INLINE -> users.putInline();
                case USER_DELETE_INLINE -> users.deleteInline();
                case USER_PUT_BOUNDARY -> users.putBoundary();
                case USER_DELETE_BOUNDARY -> users.deleteBoundary();
                case USER_TAG -> users.tag();
                case USER_UNTAG -> users.untag();
                case ROLE_CREATE -> roles.create();
                case ROLE_LIST -> roles.list();
                case ROLE_GET -> roles.get();
                case ROLE_UPDATE -> roles.update();
                case ROLE_DELETE -> roles.delete();
                case ROLE_ATTACH -> roles.attach();
                case ROLE_DETACH -> roles.detach();
                case ROLE_PUT_INLINE -> roles.putInline();
                case ROLE_DELETE_INLINE -> roles.deleteInline();
                case ROLE_PUT_BOUNDARY -> roles.putBoundary();
                case ROLE_DELETE_BOUNDARY -> roles.deleteBoundary();
                case ROLE_TAG -> roles.tag();
                case ROLE_UNTAG -> roles.untag();
                default -> other();
            };
        }

        private CompletionStage<ObjectNode> other() {
            return switch (request.action()) {
                case ACCESS_KEY_CREATE -> accessKeys.create();
                case ACCESS_KEY_LIST -> accessKeys.list();
                case ACCESS_KEY_DISABLE -> accessKeys.setActive(false);
                case ACCESS_KEY_ENABLE -> accessKeys.setActive(true);
                case ACCESS_KEY_ROTATE -> accessKeys.rotate();
                case ACCESS_KEY_DELETE -> accessKeys.delete();
                case POLICY_CREATE -> created("policy", policy());
                case POLICY_LIST -> listed("policies", IdentityKind.POLICY, request.account());
                case POLICY_GET -> shown("policy", policyName());
                case POLICY_UPDATE -> updatePolicy();
                case POLICY_DELETE -> deleted(policyName());
                case OIDC_PROVIDER_CREATE -> created("oidcProvider", provider());
                case OIDC_PROVIDER_LIST -> listed("oidcProviders", IdentityKind.OIDC_PROVIDER, request.account());
                case OIDC_PROVIDER_GET -> shown("oidcProvider", name(IdentityKind.OIDC_PROVIDER, issuer()));
                case OIDC_PROVIDER_UPDATE -> updateProvider();
                case OIDC_PROVIDER_DELETE -> deleted(name(IdentityKind.OIDC_PROVIDER, issuer()));
                default -> throw new IllegalStateException(request.action() + " is in no table");
            };
        }

        private CompletionStage<ObjectNode> created(String label, IdentityRecord identity) {
            return book.create(identity).thenApply(made -> IdentityJson.one(label, made));
        }

        private CompletionStage<ObjectNode> listed(String label, IdentityKind kind, String account) {
            return book.list(kind, account).thenApply(found -> IdentityJson.many(label, found));
        }

        private CompletionStage<ObjectNode> shown(String label, IdentityName name) {
            return book.find(name).thenApply(found -> IdentityJson.one(label, found));
        }

        private CompletionStage<ObjectNode> deleted(IdentityName name) {
            return book.delete(name).thenApply(done -> IdentityJson.object());
        }

        private IdentityRecord.Account account(boolean open) {
            return new IdentityRecord.Account(UNSTAMPED, request.account(), open, Instant.EPOCH);
        }

        private CompletionStage<ObjectNode> setOpen(boolean open) {
            return book.change(name(IdentityKind.ACCOUNT, ""), found -> {
                        var account = (IdentityRecord.Account) found;
                        return new IdentityRecord.Account(
                                account.stamp(), account.accountId(), open, account.created());
                    })
                    .thenApply(changed -> IdentityJson.one("account", changed));
        }

        private IdentityRecord.ManagedPolicy policy() {
            var arn = Names.arn(IdentityKind.POLICY, request);
            return new IdentityRecord.ManagedPolicy(
                    new PolicyRecord(UNSTAMPED, arn, document()), Instant.EPOCH, Instant.EPOCH);
        }

        private CompletionStage<ObjectNode> updatePolicy() {
            var document = document();
            return book.change(policyName(), found -> {
                        var policy = (IdentityRecord.ManagedPolicy) found;
                        var stated = policy.policy();
                        return new IdentityRecord.ManagedPolicy(
                                new PolicyRecord(stated.stamp(), stated.arn(), document),
                                policy.created(),
                                policy.updated());
                    })
                    .thenApply(changed -> IdentityJson.one("policy", changed));
        }

        private String document() {
            return Documents.require(request.text(AdminParameter.DOCUMENT), IdentityPolicy.Use.MANAGED);
        }

        private IdentityRecord.OidcProvider provider() {
            return new IdentityRecord.OidcProvider(
                    UNSTAMPED,
                    IdentityArn.oidcProvider(request.account(), issuer()),
                    request.list(AdminParameter.CLIENT_IDS).orElse(List.of()),
                    request.text(AdminParameter.KEYS),
                    Instant.EPOCH);
        }

        private CompletionStage<ObjectNode> updateProvider() {
            var clients = request.list(AdminParameter.CLIENT_IDS);
            var keys = request.optional(AdminParameter.KEYS);
            return book.change(name(IdentityKind.OIDC_PROVIDER, issuer()), found -> {
                        var provider = (IdentityRecord.OidcProvider) found;
                        return new IdentityRecord.OidcProvider(
                                provider.stamp(),
                                provider.arn(),
                                clients.orElse(provider.clientIds()),
                                keys.orElse(provider.keys()),
                                provider.created());
                    })
                    .thenApply(changed -> IdentityJson.one("oidcProvider", changed));
        }

        private String issuer() {
            var url = request.text(AdminParameter.URL);
            if (!url.startsWith(HTTPS)) {
                throw AdminRefusal.invalid("An issuer's URL begins with https://.");
            }
            return url.substring(HTTPS.length());
        }

        private IdentityName policyName() {
            return name(IdentityKind.POLICY, request.text(AdminParameter.NAME));
        }

        private IdentityName name(IdentityKind kind, String name) {
            return new IdentityName(kind, request.account(), name);
        }
    }
}
