//! Forms, written piece by piece behind one another.

/// Writes what stands before a value, such as `&To=`, as it is, and the value as `application/x-www-form-urlencoded`.
pub fn push_field(form: &mut String, before: &str, value: &str) {
    form.push_str(before);
    form.extend(form_urlencoded::byte_serialize(value.as_bytes()));
}
