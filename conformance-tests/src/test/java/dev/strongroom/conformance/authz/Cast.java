package dev.strongroom.conformance.authz;

import java.util.List;
import java.util.Optional;

/** Who plays in the decision table. Accounts are made up; names are as short as tables want them. */
enum Cast {
    A_ROOT("A", Role.ROOT, "111122223333", "root", "111122223333"),
    B_ROOT("B", Role.ROOT, "444455556666", "root", "444455556666"),
    C_ROOT("C", Role.ROOT, "777788889999", "root", "777788889999"),
    ALICE("alice", Role.USER, "111122223333", "user/alice", "AIDAALICE"),
    BOB("bob", Role.USER, "111122223333", "user/bob", "AIDABOB"),
    DORA("dora", Role.USER, "111122223333", "user/division/team/dora", "AIDADORA"),
    CAROL("carol", Role.USER, "444455556666", "user/carol", "AIDACAROL"),
    ALICE_IN_B("B.alice", Role.USER, "444455556666", "user/alice", "AIDAOTHERALICE"),
    APP("role.app", Role.ROLE, "111122223333", "role/app", "AROAAPP"),
    DEEP("role.deep", Role.ROLE, "111122223333", "role/service-role/deep", "AROADEEP"),
    EXT("role.ext", Role.ROLE, "444455556666", "role/ext", "AROAEXT"),
    APP_S1("app.s1", Role.SESSION, "111122223333", "assumed-role/app/s1", "AROAAPP:s1"),
    APP_S2("app.s2", Role.SESSION, "111122223333", "assumed-role/app/s2", "AROAAPP:s2"),
    WEB_W1("web.w1", Role.SESSION, "111122223333", "assumed-role/app/w1", "AROAAPP:w1"),
    DEEP_S1("deep.s1", Role.SESSION, "111122223333", "assumed-role/deep/s1", "AROADEEP:s1"),
    EXT_S1("ext.s1", Role.SESSION, "444455556666", "assumed-role/ext/s1", "AROAEXT:s1"),
    FAY("fay", Role.FEDERATED, "111122223333", "federated-user/fay", "111122223333:fay"),
    LOGS("logs", Role.SERVICE, "111122223333", "logs.eu-west-1.amazonaws.com", "logs");

    /** What kind of identity it is; a role itself never calls, its sessions do. */
    enum Role {
        ROOT,
        USER,
        ROLE,
        SESSION,
        FEDERATED,
        SERVICE
    }

    /** Who vouches for {@link #WEB_W1}. */
    static final String PROVIDER = "arn:aws:iam::111122223333:oidc-provider/issuer.example";

    private final String symbol;
    private final Role role;
    private final String accountId;
    private final String resource;
    private final String uniqueId;

    Cast(String symbol, Role role, String accountId, String resource, String uniqueId) {
        this.symbol = symbol;
        this.role = role;
        this.accountId = accountId;
        this.resource = resource;
        this.uniqueId = uniqueId;
    }

    static Cast named(String symbol) {
        return List.of(values()).stream()
                .filter(each -> each.symbol.equals(symbol))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nobody is called " + symbol));
    }

    static boolean isName(String symbol) {
        return List.of(values()).stream().anyMatch(each -> each.symbol.equals(symbol));
    }

    String symbol() {
        return symbol;
    }

    Role role() {
        return role;
    }

    String accountId() {
        return accountId;
    }

    String uniqueId() {
        return uniqueId;
    }

    String arn() {
        return switch (role) {
            case ROOT, USER, ROLE -> "arn:aws:iam::" + accountId + ":" + resource;
            case SESSION, FEDERATED -> "arn:aws:sts::" + accountId + ":" + resource;
            case SERVICE -> resource;
        };
    }

    /** Whose policies count for it: a session's are its role's, a federated user's are those of the user behind it. */
    Optional<Cast> issuer() {
        return switch (this) {
            case APP_S1, APP_S2, WEB_W1 -> Optional.of(APP);
            case DEEP_S1 -> Optional.of(DEEP);
            case EXT_S1 -> Optional.of(EXT);
            case FAY -> Optional.of(ALICE);
            default -> Optional.empty();
        };
    }
}
