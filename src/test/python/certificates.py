"""Makes the keys and certificates of src/test/resources/tls. Run with the folder as its argument."""
import datetime
import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

OUT = pathlib.Path(sys.argv[1])
VALID = (datetime.datetime(2024, 1, 1), datetime.datetime(2124, 1, 1))
PAST = (datetime.datetime(2019, 1, 1), datetime.datetime(2020, 1, 1))


def name(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def make(common, issuer=None, period=VALID, hosts=(), ca=False, key=None):
    """Returns certificate and key; issuer is such a pair, None for self-signed."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    signer = issuer[1] if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(issuer[0].subject if issuer else name(common))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(period[0])
        .not_valid_after(period[1])
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
    )
    if not ca:
        usages = [ExtendedKeyUsageOID.CLIENT_AUTH] + ([ExtendedKeyUsageOID.SERVER_AUTH] if hosts else [])
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    if hosts:
        names = [x509.IPAddress(ipaddress.ip_address(h)) if h[0] in "1:" else x509.DNSName(h) for h in hosts]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256()), key


def write(file, pair, with_key=True):
    (OUT / f"{file}.pem").write_bytes(pair[0].public_bytes(serialization.Encoding.PEM))
    if with_key:
        (OUT / f"{file}.key").write_bytes(
            pair[1].private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


LOOPBACK = ("localhost", "127.0.0.1", "::1")
ca = make("m2ib test authority", ca=True)
other = make("other test authority", ca=True)
revoked = make("revoked client", ca)
server = make("m2ib test server", ca, hosts=LOOPBACK, key=rsa.generate_private_key(65537, 2048))
write("ca", ca, with_key=False)
write("other-ca", other, with_key=False)
write("server", server)
write("renewed", make("m2ib renewed server", ca, hosts=LOOPBACK))
write("expired-server", make("m2ib expired server", ca, PAST, hosts=LOOPBACK))
write("elsewhere", make("server of another host", ca, hosts=("pacs.example",)))
write("client", make("client", ca))
write("expired", make("expired client", ca, PAST))
write("expired-alone", make("expired client of its own", None, PAST))
write("stranger", make("client of another authority", other))
write("revoked", revoked)
crl = (
    x509.CertificateRevocationListBuilder()
    .issuer_name(ca[0].subject)
    .last_update(VALID[0])
    .next_update(VALID[1])
    .add_revoked_certificate(
        x509.RevokedCertificateBuilder()
        .serial_number(revoked[0].serial_number)
        .revocation_date(datetime.datetime(2024, 6, 1))
        .build()
    )
    .sign(ca[1], hashes.SHA256())
)
(OUT / "ca.crl").write_bytes(crl.public_bytes(serialization.Encoding.PEM))
(OUT / "server.p12").write_bytes(
    pkcs12.serialize_key_and_certificates(
        b"server", server[1], server[0], [ca[0]], serialization.BestAvailableEncryption(b"changeit")
    )
)
