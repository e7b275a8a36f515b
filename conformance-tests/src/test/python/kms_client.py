"""What an application does with KMS through boto3. Endpoint, Region and credentials come from the environment.

Prints one line a step and ends with "done"; any surprise is a traceback and a non-zero exit code.
"""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

kms = boto3.client("kms", config=Config(retries={"max_attempts": 1}))


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400, error
        assert error.response["ResponseMetadata"]["RequestId"], error
        print("refused as", code)
        return error.response["Error"].get("Message", "")
    raise AssertionError(f"{call} was not refused")


metadata = kms.create_key(Description="from boto3", Tags=[{"TagKey": "client", "TagValue": "boto3"}])["KeyMetadata"]
key, arn = metadata["KeyId"], metadata["Arn"]
assert metadata["KeyState"] == "Enabled" and metadata["EncryptionAlgorithms"] == ["SYMMETRIC_DEFAULT"], metadata
alias = "alias/boto3-" + key
kms.create_alias(AliasName=alias, TargetKeyId=key)
print("created", arn)

context = {"Zweck": "Prüfung", "日付": "2026-11-24", "empty": ""}
for name in (key, arn, alias, arn.rsplit(":", 1)[0] + ":" + alias):
    sealed = kms.encrypt(KeyId=name, Plaintext=b"attack at dawn", EncryptionContext=context)
    assert sealed["KeyId"] == arn
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=dict(reversed(context.items())))
    assert opened["Plaintext"] == b"attack at dawn" and opened["KeyId"] == arn
    print("encrypted and decrypted by", name)

refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=sealed["CiphertextBlob"])
refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=b"garbage", KeyId=key)
assert "does not exist" in refused("NotFoundException", kms.describe_key, KeyId="00000000-0000-0000-0000-000000000000")

data_key = kms.generate_data_key(KeyId=alias, KeySpec="AES_256", EncryptionContext=context)
assert len(data_key["Plaintext"]) == 32
assert kms.decrypt(CiphertextBlob=data_key["CiphertextBlob"], EncryptionContext=context)["Plaintext"] == data_key["Plaintext"]
print("data key of", len(data_key["CiphertextBlob"]), "bytes")

names = [a["AliasName"] for page in kms.get_paginator("list_aliases").paginate(KeyId=key) for a in page["Aliases"]]
assert names == [alias], names
assert key in [k["KeyId"] for page in kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 1}) for k in page["Keys"]]
assert kms.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "client", "TagValue": "boto3"}]
assert "kms:*" in kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
assert len(kms.generate_random(NumberOfBytes=64)["Plaintext"]) == 64

kms.disable_key(KeyId=key)
assert refused("DisabledException", kms.encrypt, KeyId=key, Plaintext=b"x") == arn + " is disabled."
kms.enable_key(KeyId=key)
assert kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)["KeyState"] == "PendingDeletion"
refused("KMSInvalidStateException", kms.encrypt, KeyId=key, Plaintext=b"x")
assert kms.cancel_key_deletion(KeyId=key)["KeyId"] == arn
assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"


def pair(spec, usage):
    return kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]


for spec, algorithm in (
    ("RSA_2048", "RSASSA_PSS_SHA_256"),
    ("ECC_NIST_P256", "ECDSA_SHA_256"),
    ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
    ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512"),
    ("ML_DSA_65", "ML_DSA_SHAKE_256"),
):
    signing = pair(spec, "SIGN_VERIFY")
    what = {"KeyId": signing, "Message": b"attack at dawn", "SigningAlgorithm": algorithm}
    signature = kms.sign(**what)["Signature"]
    assert kms.verify(Signature=signature, **what)["SignatureValid"] is True
    damaged = signature[:-1] + bytes([signature[-1] ^ 1])
    refused("KMSInvalidSignatureException", kms.verify, Signature=damaged, **what)
    assert kms.get_public_key(KeyId=signing)["SigningAlgorithms"].count(algorithm) == 1
    print("signed with", spec)

macs = pair("HMAC_384", "GENERATE_VERIFY_MAC")
what = {"KeyId": macs, "Message": b"attack at dawn", "MacAlgorithm": "HMAC_SHA_384"}
mac = kms.generate_mac(**what)["Mac"]
assert len(mac) == 48 and kms.verify_mac(Mac=mac, **what)["MacValid"] is True
refused("KMSInvalidMacException", kms.verify_mac, Mac=mac[:-1], **what)
print("authenticated with HMAC_384")
print("done")
