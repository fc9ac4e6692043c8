import codecs

import pytest

from notime.article.document.encoding import decode, tidy

WORDS = "Größe, naïve façade, 価格"


@pytest.mark.parametrize(
    ("codec", "mark"),
    [("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)],
)
def test_a_byte_order_mark_decides(codec, mark):
    assert decode(mark + f"<p>{WORDS}</p>".encode(codec)) == f"<p>{WORDS}</p>"


def test_utf16_without_a_mark_is_seen():
    assert decode(f"<html><p>{WORDS}</p>".encode("utf-16-le")) == f"<html><p>{WORDS}</p>"


@pytest.mark.parametrize(
    ("codec", "declared", "text"),
    [
        ("cp1252", "iso-8859-1", "“Größe” – naïve"),
        ("shift_jis", "Shift_JIS", "価格は高い"),
        ("gb18030", "gb2312", "价格很高"),
        ("cp1251", "windows-1251", "Цена высока"),
        ("euc-kr", "euc-kr", "가격이 높다"),
    ],
)
def test_the_declared_encoding_is_used(codec, declared, text):
    assert text in decode(f'<meta charset="{declared}"><p>{text}</p>'.encode(codec))


def test_utf8_is_utf8_whatever_is_declared():
    assert WORDS in decode(f'<meta charset="iso-8859-1"><p>{WORDS}</p>'.encode())


def test_an_unknown_declaration_falls_back():
    assert "Größe" in decode('<meta charset="klingon"><p>Größe</p>'.encode("cp1252"))


def test_a_cut_character_does_not_change_the_encoding():
    assert "Größe" in decode(("<p>" + "Größe " * 20).encode()[:-1] + b"\xc3")


def test_text_that_was_encoded_twice_is_mended():
    assert tidy("Investor’s guide".encode().decode("latin-1")) == "Investor’s guide"


def test_nul_and_lone_surrogates_are_replaced():
    assert tidy("a\x00b\ud800c") == "a\ufffdb\ufffdc"
