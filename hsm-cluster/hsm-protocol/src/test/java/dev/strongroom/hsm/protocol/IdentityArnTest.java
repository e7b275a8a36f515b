package dev.strongroom.hsm.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityArnTest {

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::111122223333:root, ACCOUNT, ''",
        "arn:aws:iam::111122223333:user/ann, USER, ann",
        "arn:aws:iam::111122223333:user/a/b/ann, USER, ann",
        "arn:aws:iam::111122223333:role/App, ROLE, App",
        "arn:aws:iam::111122223333:policy/p/Read, POLICY, Read",
        "arn:aws:iam::111122223333:oidc-provider/host.example/a/b, OIDC_PROVIDER, host.example/a/b"
    })
    void leadsToTheNameOfARecord(String arn, IdentityKind kind, String name) {
        assertEquals(Optional.of(new IdentityName(kind, "111122223333", name)), IdentityArn.parse(arn));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "arn:aws:iam::111122223333",
                "arn:aws:iam::111122223333:",
                "arn:aws:iam::11112222333:root",
                "arn:aws:iam:eu-west-1:111122223333:root",
                "arn:aws-cn:iam::111122223333:root",
                "arn:aws:sts::111122223333:assumed-role/App/worker",
                "arn:aws:iam::111122223333:users/ann",
                "arn:aws:iam::111122223333:group/ops",
                "111122223333"
            })
    void ofAnythingElseLeadsNowhere(String arn) {
        assertEquals(Optional.empty(), IdentityArn.parse(arn));
    }

    @Test
    void isMadeAsItIsRead() {
        var arn = IdentityArn.of(IdentityKind.ROLE, "111122223333", "/app/", "Reader");
        assertEquals("arn:aws:iam::111122223333:role/app/Reader", arn);
        assertEquals("Reader", IdentityArn.parse(arn).orElseThrow().name());
        assertEquals("arn:aws:iam::111122223333:root", IdentityArn.root("111122223333"));
        assertEquals(
                "arn:aws:iam::111122223333:oidc-provider/host/x", IdentityArn.oidcProvider("111122223333", "host/x"));
    }
}
