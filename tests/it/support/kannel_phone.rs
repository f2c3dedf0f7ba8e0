//! Reading fakesmsc's log: which texts arrived on the phone.

use motherline::domain::segment::Encoding;
use percent_encoding::percent_decode_str;

/// A text as it arrived, its segments joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    pub from: String,
    pub to: String,
    pub text: String,
    pub coding: Encoding,
    pub segments: usize,
}

/// Lines such as `… DEBUG: Got message 3: <511411 +7916… udh %05%00%03%02%03%01 data %04%1C>`, in
/// order of arrival. A text counts once all of it is there.
pub fn delivered(log: &str) -> Vec<Delivered> {
    let messages = log.split("DEBUG: Got message ").skip(1);
    // A line without its end is still being written.
    let lines = messages.filter_map(|message| message.split_once(">\n"));
    let mut texts: Vec<Arriving> = Vec::new();
    for (line, _) in lines {
        let part = Arriving::read(line);
        match texts.iter_mut().find(|text| text.continues_with(&part)) {
            Some(text) => {
                text.octets.extend(part.octets);
                text.arrived += 1;
            }
            None => texts.push(part),
        }
    }
    let whole = texts.into_iter().filter(|text| text.arrived == text.segments);
    whole.map(Arriving::decode).collect()
}

/// Kept as octets until it is whole: a border between segments may cut a character in two.
struct Arriving {
    from: String,
    to: String,
    ucs2: bool,
    octets: Vec<u8>,
    /// The number its segments share; 0 for a text of one.
    series: u8,
    segments: usize,
    arrived: usize,
}

impl Arriving {
    fn read(line: &str) -> Self {
        let (_, message) = line.split_once('<').expect("a message");
        let words: Vec<_> = message.splitn(4, ' ').collect();
        let [from, to, kind, rest] = words[..] else {
            panic!("fakesmsc printed {line}");
        };
        let (header, octets) = match kind {
            "text" => (None, rest.as_bytes().to_vec()),
            "ucs-2" => (None, unescape(rest)),
            "udh" => {
                let (header, data) = rest.split_once(" data ").expect("a segment");
                (Some(unescape(header)), unescape(data))
            }
            other => panic!("fakesmsc printed a message of the new kind {other}"),
        };
        // 05 00 03, then the series, how many, and which.
        let (series, segments) = header.map_or((0, 1), |header| (header[3], header[4].into()));
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            // Of a segment fakesmsc does not say; but our languages' UCS-2 has octets that no
            // plain text has.
            ucs2: kind == "ucs-2" || kind == "udh" && octets.iter().any(|octet| *octet < 8),
            octets,
            series,
            segments,
            arrived: 1,
        }
    }

    fn continues_with(&self, part: &Self) -> bool {
        self.arrived < self.segments && (&self.to, self.series) == (&part.to, part.series)
    }

    fn decode(self) -> Delivered {
        let text = if self.ucs2 {
            let pairs = self.octets.chunks_exact(2);
            let units: Vec<_> = pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).expect("UTF-16")
        } else {
            String::from_utf8(self.octets).expect("UTF-8")
        };
        Delivered {
            from: self.from,
            to: self.to,
            text,
            coding: if self.ucs2 { Encoding::Ucs2 } else { Encoding::Gsm7 },
            segments: self.segments,
        }
    }
}

fn unescape(escaped: &str) -> Vec<u8> {
    percent_decode_str(&escaped.replace('+', "%20")).collect()
}
