"""Currencies in use and their minor units (ISO 4217, list one)."""

CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 (as a list it would take 160 lines)
)
"""The codes of all currencies."""

WHOLE = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
"""Currencies without a minor unit; their amounts are whole."""

IN_THOUSANDTHS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905
"""Currencies with three decimal places, which amounts with two can't represent."""

SUPPORTED = CURRENCIES - IN_THOUSANDTHS
"""Currencies of new prices."""


def supported(code: str) -> str:
    """Validates the currency of a new price, and returns its code.

    Args:
        code: An ISO 4217 code.

    Raises:
        ValueError: The currency is unknown, or has three decimal places.
    """
    if code not in SUPPORTED:
        raise ValueError("is not the ISO 4217 code of a currency with at most two decimal places")
    return code
