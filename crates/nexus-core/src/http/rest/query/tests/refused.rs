use dataflow_core::SchemaSet;
use dataflow_core::node::Object;

use super::super::{Origin, add_to_read, list_input};
use super::{model_schema, posts};

#[test]
fn what_a_query_cannot_mean_is_refused_by_name() {
    let deep = format!("or={}id.eq.1{}", "(or".repeat(20), ")".repeat(20));
    let cases = [
        ("emial=eq.a", "email"),
        ("page=2", "limit=20 and offset=40"),
        ("sort=-email", "order=field.desc"),
        ("fields=id", "select=field"),
        ("search=ann", "name=ilike.*part*"),
        ("expand=author", "select=*,relation(*)"),
        ("email=eqq.a", "eq"),
        ("email=a", "email=eq.value"),
        ("email=zzz.a", "the operators are eq, neq"),
        ("id=like.1", "text"),
        ("id=in.1", "(1,2)"),
        ("id=in.(1", "bracket"),
        ("id=in.(a)", "an integer"),
        ("id=is.nil", "null"),
        ("id=is.true", "null"),
        ("id->a=eq.1", "no JSON document"),
        ("id=like(field).email", "lt(field)"),
        ("id=eqq(field).email", "lt(field)"),
        ("note=eq(field).email", "a document"),
        ("order=id->a", "no JSON document"),
        ("order=note->", "member"),
        ("order=note->a->>b->c", "member"),
        ("select=id->a", "no JSON document"),
        ("select=nite->a", "note"),
        ("select=id,note->a..b", "member"),
        ("note->=eq.1", "member"),
        ("note->a.b=eq.1", "member"),
        ("note=eq.1", "a JSON document"),
        ("note=contains.{a}", "note=contains."),
        ("note=starts_with.a", "no text"),
        ("order=emial", "email"),
        ("order=email.down", "down"),
        ("order=", "order"),
        ("select=emial", "email"),
        ("select=id,id", "twice"),
        ("select=*,id", "neither all"),
        ("select=*,author(*)", "relation"),
        ("select=*,author(*", "bracket"),
        ("select=", "field"),
        ("select=email.sum()", "no sum"),
        ("select=id.summ()", "sum"),
        ("select=cuont()", "count"),
        ("order=count", "count"),
        (
            "select=active,count()&order=id",
            "group by the field as well",
        ),
        ("select=active,count()&order=conut", "count"),
        ("having=(count.gt.1)", "select=city,count()"),
        ("select=count()&having=(count.gt.1)", "select=city,count()"),
        ("select=active,count()&having=(id_max.gt.1)", "id_max"),
        ("select=active,count()&having=(count.gt.a)", "an integer"),
        ("select=active,count()&having=count.gt.1", "bracket"),
        ("offset=-1", "from 0"),
        ("offset=100001", "100000"),
        ("offset=1&after=x", "both"),
        ("or=id.eq.1", "bracket"),
        ("or=(id.eq.1", "bracket"),
        ("or=(id)", "id.eq.value"),
        ("or=(idd.eq.1)", "id"),
        (r#"or=(email.eq."a)"#, "bracket"),
        (deep.as_str(), "levels"),
    ];
    for (query, words) in cases {
        let problem =
            list_input(Origin::of(&SchemaSet::new(), &model_schema()), query).unwrap_err();
        let text = format!("{problem:?}");
        assert!(text.contains(words), "{query}: {text}");
        assert!(text.contains("malformed"), "{query}: {text}");
    }
}

#[test]
fn what_relations_cannot_mean_is_refused_by_name() {
    let (models, post) = posts();
    let deep = format!("select=*{}*{}", ",post(*".repeat(12), ")".repeat(12));
    let cases = [
        ("auther.email=eq.a", "author"),
        ("author.emial=eq.a", "email"),
        ("comments.title=eq.a", "comments=some"),
        ("comments=eq.a", "comments=some"),
        ("author=eq.1", "author=some"),
        ("comments=some.title.eq.a", "bracket"),
        ("comments=some.(titel.eq.a)", "title"),
        ("or=(comments.title.eq.a)", "comments=some"),
        ("order=comments.title", "many"),
        ("order=author.emial", "email"),
        ("select=*,auther(*)", "author"),
        ("select=*,author", "author(*)"),
        ("select=*,author()", "field"),
        ("select=*,author(emial)", "email"),
        ("select=*,author(*),author(*)", "twice"),
        ("select=*,comments(*,limit=0)", "1 to 1000"),
        ("select=*,comments(*,limit=1,limit=2)", "twice"),
        ("select=*,comments(*,order=titel)", "title"),
        ("select=*,comments(*,offset=1)", "offset"),
        ("select=*,comments(*,titel=eq.a)", "title"),
        ("select=*,comments(*,id=eq.a)", "integer"),
        ("select=*,comments(limit=3)", "neither all"),
        ("select=*,limit=3", "beside select"),
        ("select=author(*)", "neither all"),
        ("select=*,author(count())", "of the rows of a list"),
        (deep.as_str(), "levels"),
    ];
    for (query, words) in cases {
        let problem = list_input(Origin::of(&models, &post), query).unwrap_err();
        let text = format!("{problem:?}");
        assert!(text.contains(words), "{query}: {text}");
        assert!(text.contains("malformed"), "{query}: {text}");
    }
    for (query, words) in [
        ("selct=*", "select"),
        ("limit=1", "limit"),
        ("select=count()", "of the rows of a list"),
    ] {
        let problem =
            add_to_read(Origin::of(&models, &post), Some(query), &mut Object::new()).unwrap_err();
        assert!(
            format!("{problem:?}").contains(words),
            "{query}: {problem:?}"
        );
    }
    let alone = model_schema();
    let refused = add_to_read(
        Origin::of(&models, &alone),
        Some("select=*"),
        &mut Object::new(),
    );
    assert!(refused.is_err());
}
