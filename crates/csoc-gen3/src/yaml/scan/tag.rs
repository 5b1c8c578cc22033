//! Tags (`!!str`, `!<tag:yaml.org,2002:str>`) and the `%` directives.

use super::{Pos, Scanner, Token};
use crate::yaml::error::ParseError;

impl<'a> Scanner<'a> {
    pub(super) fn tag(&mut self) -> Result<(), ParseError> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.pos;
        let token = if self.cursor.byte(1) == b'<' {
            self.cursor.skip_ascii(2);
            let suffix = self.uri("", start)?;
            if self.cursor.byte(0) != b'>' {
                return Err(self.error("a tag that begins with '!<' ends with '>'"));
            }
            self.cursor.skip_ascii(1);
            Token::Tag { handle: "", suffix }
        } else {
            let handle = self.tag_handle(false)?;
            if handle.len() > 1 && handle.ends_with('!') {
                let suffix = self.uri("", start)?;
                Token::Tag { handle, suffix }
            } else {
                let suffix = self.uri(handle, start)?;
                if suffix.is_empty() {
                    Token::Tag { handle: "", suffix: "!".into() }
                } else {
                    Token::Tag { handle: "!", suffix }
                }
            }
        };
        if !self.cursor.blank_or_end(0) {
            return Err(self.error("a blank must follow a tag"));
        }
        self.push(token, start);
        Ok(())
    }

    /// `!`, `!word` or `!word!`.
    fn tag_handle(&mut self, directive: bool) -> Result<&'a str, ParseError> {
        let from = self.cursor.at;
        if self.cursor.byte(0) != b'!' {
            return Err(self.error("a tag handle begins with '!'"));
        }
        self.cursor.skip_ascii(1);
        self.cursor.word();
        if self.cursor.byte(0) == b'!' {
            self.cursor.skip_ascii(1);
        } else if directive && self.cursor.slice(from) != "!" {
            return Err(self.error("a tag handle ends with '!'"));
        }
        Ok(self.cursor.slice(from))
    }

    /// The characters of a URI; `head` was read already, its '!' does not count.
    fn uri(&mut self, head: &str, start: Pos) -> Result<String, ParseError> {
        let mut bytes = head.as_bytes().get(1..).unwrap_or_default().to_vec();
        let mut any = !head.is_empty();
        loop {
            match self.cursor.byte(0) {
                b'%' => self.uri_escape(&mut bytes)?,
                byte if byte.is_ascii_alphanumeric() || b"-_;/?:@&=+$,.!~*'()[]".contains(&byte) => {
                    bytes.push(byte);
                    self.cursor.skip_ascii(1);
                }
                _ => break,
            }
            any = true;
        }
        if !any {
            return Err(self.error_at(start, "a tag has a name"));
        }
        String::from_utf8(bytes).map_err(|_| self.error_at(start, "the escapes of a tag are not UTF-8"))
    }

    /// `%C3%A9`: the bytes of one character.
    fn uri_escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), ParseError> {
        let mut left = 1;
        let mut first = true;
        while left > 0 {
            let digits = [1, 2].map(|ahead| char::from(self.cursor.byte(ahead)).to_digit(16));
            let (b'%', [Some(high), Some(low)]) = (self.cursor.byte(0), digits) else {
                return Err(self.error("an escape in a tag is '%' and two hexadecimal digits"));
            };
            let octet = (high * 16 + low) as u8;
            if first {
                left = match octet {
                    0..0x80 => 1,
                    0xc0..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    0xf0..0xf8 => 4,
                    _ => return Err(self.error("the escapes of a tag are not UTF-8")),
                };
                first = false;
            } else if octet & 0xc0 != 0x80 {
                return Err(self.error("the escapes of a tag are not UTF-8"));
            }
            bytes.push(octet);
            self.cursor.skip_ascii(3);
            left -= 1;
        }
        Ok(())
    }

    pub(super) fn directive(&mut self) -> Result<(), ParseError> {
        self.close_line()?;
        let start = self.cursor.pos;
        self.cursor.skip_ascii(1);
        let name = self.cursor.word();
        if name.is_empty() || !self.cursor.blank_or_end(0) {
            return Err(self.error("a directive is '%' and a name"));
        }
        self.cursor.skip_blanks();
        let token = match name {
            "YAML" => {
                let major = self.version_number()?;
                if self.cursor.byte(0) != b'.' {
                    return Err(self.error("a YAML version is two numbers with a '.' between them"));
                }
                self.cursor.skip_ascii(1);
                let minor = self.version_number()?;
                Token::VersionDirective { major, minor }
            }
            "TAG" => {
                let handle = self.tag_handle(true)?;
                if !self.cursor.blank() {
                    return Err(self.error("a blank must follow the handle of a %TAG directive"));
                }
                self.cursor.skip_blanks();
                let prefix = self.uri("", start)?;
                if !self.cursor.blank_or_end(0) {
                    return Err(self.error("a blank must follow the prefix of a %TAG directive"));
                }
                Token::TagDirective { handle, prefix }
            }
            _ => return Err(self.error_at(start, format!("the directive %{name} is unknown"))),
        };
        self.cursor.skip_blanks();
        if self.cursor.byte(0) == b'#' {
            self.cursor.skip_line();
        }
        if !self.cursor.break_or_end() {
            return Err(self.error("only a comment may follow a directive"));
        }
        self.push(token, start);
        self.cursor.skip_break();
        Ok(())
    }

    fn version_number(&mut self) -> Result<u32, ParseError> {
        let from = self.cursor.at;
        self.cursor.skip_while(|b| b.is_ascii_digit());
        match self.cursor.slice(from).parse() {
            Ok(number) if self.cursor.at - from <= 2 => Ok(number),
            _ => Err(self.error("a YAML version is two numbers with a '.' between them")),
        }
    }
}
